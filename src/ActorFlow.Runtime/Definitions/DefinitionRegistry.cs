using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Definitions;

/// <summary>
/// The versions of the definition of one name, kept alive by sharding. A version never changes once it is registered. Every
/// registration is also written to the store's list, before it is answered.
/// </summary>
internal sealed class DefinitionRegistry : PersistentActor
{
    private readonly string _name;
    private readonly IRegisteredDefinitions _list;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>The versions that this incarnation knows to be in the list.</summary>
    private readonly HashSet<int> _listed = [];

    private ImmutableSortedDictionary<int, DefinitionVersion> _versions = ImmutableSortedDictionary<int, DefinitionVersion>.Empty;

    /// <summary>Makes the entity of one name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="list">The store's list.</param>
    /// <param name="time">The clock for the times of registrations.</param>
    public DefinitionRegistry(string name, IRegisteredDefinitions list, TimeProvider time)
    {
        _name = name;
        _list = list;
        _time = time;
    }

    /// <inheritdoc/>
    public override string PersistenceId => "def-" + _name;

    /// <inheritdoc/>
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    /// <inheritdoc/>
    protected override bool ReceiveRecover(object message)
    {
        if (message is DefinitionRegistered registered)
        {
            Evolve(registered);
            return true;
        }

        return message is RecoveryCompleted;
    }

    /// <inheritdoc/>
    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case DefinitionCommand.Register register:
                Register(register);
                break;
            case DefinitionQuery.Resolve resolve:
                Sender.Tell(Find(resolve.Version) is { } found ? Found(found) : new DefinitionReply.NotFound(_name));
                break;
            case DefinitionQuery.GetVersions:
                Sender.Tell(new DefinitionReply.Versions(_name, [.. _versions.Values.Reverse()]));
                break;
            case Listed listed:
                OnListed(listed);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What refuses a version that is registered with other content.</summary>
    internal static WorkflowRefusedException ConflictOf(DefinitionReference definition) => WorkflowRefusedException.Of(
        "definition-conflict",
        $"{definition.Name}@{definition.Version} is registered with another content. A version never changes: raise the version.");

    private void Register(DefinitionCommand.Register register)
    {
        if (!_versions.TryGetValue(register.Version, out var present))
        {
            Persist(new DefinitionRegistered(register.Version, register.Hash, _time.GetUtcNow()), registered =>
            {
                Evolve(registered);
                List(_versions[registered.Version], Sender);
            });
        }
        else if (present.Hash != register.Hash)
        {
            var conflict = ConflictOf(new(_name, register.Version, register.Hash));
            Sender.Tell(new DefinitionReply.Refused(conflict.Code, conflict.Message));
        }
        else if (_listed.Contains(register.Version))
        {
            Sender.Tell(Found(present));
        }
        else
        {
            // A sender without an answer asks again, and this repairs a list that could not be written then.
            List(present, Sender);
        }
    }

    private void List(DefinitionVersion version, IActorRef asker) =>
        _list.PutAsync(new(_name, version.Version, version.Hash, version.Registered)).PipeTo(
            Self, success: () => new Listed(version, asker, null), failure: error => new Listed(version, asker, error));

    private void OnListed(Listed listed)
    {
        if (listed.Error is null)
        {
            _listed.Add(listed.Version.Version);
            listed.Asker.Tell(Found(listed.Version));
        }
        else
        {
            _log.Warning(listed.Error, "{0}@{1} could not be listed.", _name, listed.Version.Version);
            listed.Asker.Tell(new DefinitionReply.Refused("unavailable", $"The store cannot write: {listed.Error.Message}"));
        }
    }

    private DefinitionVersion? Find(int? version) =>
        version is { } one ? _versions.GetValueOrDefault(one) : _versions.IsEmpty ? null : _versions.Values.Last();

    private DefinitionReply Found(DefinitionVersion version) =>
        new DefinitionReply.Found(new DefinitionReference(_name, version.Version, version.Hash));

    private void Evolve(DefinitionRegistered e) => _versions = _versions.Add(e.Version, new(e.Version, e.Hash, e.At));

    private sealed record Listed(DefinitionVersion Version, IActorRef Asker, Exception? Error) : INoSerializationVerificationNeeded;
}
