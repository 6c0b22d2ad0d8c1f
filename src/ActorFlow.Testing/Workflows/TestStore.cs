using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Testing.Workflows;

/// <summary>The data that survive a crash: definitions and journals, as bytes.</summary>
internal sealed class TestStore
{
    private readonly Dictionary<string, byte[]> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedList<int, DefinitionReference>> _registered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<DefinitionReference>> _companions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunJournal> _journals = new(StringComparer.Ordinal);
    private readonly List<RunJournal> _inOrder = [];

    /// <summary>The journals of all runs, in the order in which those started.</summary>
    public IEnumerable<RunJournal> Journals => _inOrder;

    /// <summary>Keeps the documents of a file: the first is the one that runs, the others are its companions.</summary>
    /// <exception cref="WorkflowRefusedException">A version is registered with another content.</exception>
    public DefinitionReference Register(IReadOnlyList<WorkflowDefinition> documents)
    {
        var references = documents.Select(Keep).ToImmutableArray();
        _companions[references[0].Hash] = [.. references.Skip(1)];
        return references[0];
    }

    /// <summary>The definition of a name, in the newest version unless one is given; null means that it is not registered.</summary>
    public DefinitionReference? Find(string name, int? version) => !_registered.TryGetValue(name, out var versions)
        ? null
        : version is { } one ? versions.GetValueOrDefault(one) : versions.Values[^1];

    public ImmutableArray<DefinitionReference> CompanionsOf(DefinitionReference definition) =>
        _companions.GetValueOrDefault(definition.Hash, []);

    /// <summary>The plan of a stored definition.</summary>
    public WorkflowPlan PlanOf(DefinitionReference definition) => WorkflowPlan.Compile(DefinitionJson.Read(_definitions[definition.Hash]));

    public RunJournal? FindJournal(string id) => _journals.GetValueOrDefault(id);

    /// <summary>Opens a journal for a run that starts; that of an earlier run under the same id is dropped.</summary>
    public RunJournal Open(string id)
    {
        if (_journals.Remove(id, out var former))
        {
            _inOrder.Remove(former);
        }

        var journal = new RunJournal(id);
        _journals.Add(id, journal);
        _inOrder.Add(journal);
        return journal;
    }

    private DefinitionReference Keep(WorkflowDefinition definition)
    {
        var document = DefinitionJson.Write(definition);
        var reference = new DefinitionReference(definition.Name, definition.Version, DefinitionHash.Of(document));
        if (!_registered.TryGetValue(reference.Name, out var versions))
        {
            _registered[reference.Name] = versions = [];
        }

        if (versions.TryGetValue(reference.Version, out var present) && present.Hash != reference.Hash)
        {
            throw WorkflowRefusedException.Of(
                "definition-conflict",
                $"{reference.Name}@{reference.Version} is registered with another content. A version never changes: raise the version.");
        }

        versions[reference.Version] = reference;
        _definitions[reference.Hash] = document;
        return reference;
    }
}
