using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Definitions;

/// <summary>Registers and finds definitions by name, from within the process of a node.</summary>
/// <remarks>A request is repeated until it is answered: the registry's actor may be moving between nodes.</remarks>
internal sealed class DefinitionCatalog
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly IRequiredActor<DefinitionRegion> _region;
    private readonly PlanCache _plans;
    private readonly PersistenceStore _store;
    private readonly RegionRequests _requests;

    /// <summary>Made by the host.</summary>
    internal DefinitionCatalog(IRequiredActor<DefinitionRegion> region, PlanCache plans, PersistenceStore store, RegionRequests requests)
    {
        _region = region;
        _plans = plans;
        _store = store;
        _requests = requests;
    }

    /// <summary>Registers a checked definition, durably. The same content again changes nothing.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="cancellationToken">Gives up waiting; the definition may be registered nevertheless.</param>
    /// <exception cref="WorkflowRefusedException">The version is registered with another content, or the store cannot write.</exception>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public async Task<DefinitionReference> RegisterAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default)
    {
        var reference = await _plans.KeepAsync(definition, cancellationToken).ConfigureAwait(false);
        var register = new DefinitionCommand.Register(reference.Name, reference.Version, reference.Hash);
        return await AskAsync(register, cancellationToken).ConfigureAwait(false) switch
        {
            DefinitionReply.Found found => found.Definition,
            DefinitionReply.Refused refused => throw WorkflowRefusedException.Of(refused.Code, refused.Reason),
            var other => throw Unexpected(reference.Name, other),
        };
    }

    /// <summary>Finds the content of a version.</summary>
    /// <param name="name">The name of the definition.</param>
    /// <param name="version">The version; null means the newest, which is the highest.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Name, version and hash; null means that there is no such definition, or no such version of it.</returns>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public async Task<DefinitionReference?> ResolveAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        !Identifiers.IsWorkflowName(name)
            ? null
            : await AskAsync(new DefinitionQuery.Resolve(name, version), cancellationToken).ConfigureAwait(false) switch
            {
                DefinitionReply.Found found => found.Definition,
                DefinitionReply.NotFound => null,
                var other => throw Unexpected(name, other),
            };

    /// <summary>Lists every version of a name, the newest first; empty if the name is unknown.</summary>
    /// <param name="name">The name of the definition.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public async Task<ImmutableArray<DefinitionVersion>> VersionsAsync(string name, CancellationToken cancellationToken = default) =>
        !Identifiers.IsWorkflowName(name)
            ? []
            : await AskAsync(new DefinitionQuery.GetVersions(name), cancellationToken).ConfigureAwait(false) is DefinitionReply.Versions versions
                ? versions.All
                : throw new InvalidOperationException($"The registry did not list the versions of '{name}'.");

    /// <summary>Lists every registered version of every name, ordered by name, the newest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        _store.Registered.ListAsync(cancellationToken);

    private async Task<DefinitionReply> AskAsync(IDefinitionMessage message, CancellationToken cancellationToken)
    {
        var region = await _region.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _requests.AskAsync<DefinitionReply>(region, message, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw new TimeoutException($"The registry did not answer for '{message.Name}' within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private static InvalidOperationException Unexpected(string name, DefinitionReply reply) =>
        new($"The registry answered {reply.GetType().Name} for '{name}'.");
}
