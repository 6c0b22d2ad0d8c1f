using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Client;

/// <summary>A run to start.</summary>
/// <param name="Id">Its id: 1 to 200 of <c>[A-Za-z0-9._~-]</c>.</param>
/// <param name="Definition">The definition to run; it must have been registered.</param>
/// <param name="Input">The input.</param>
internal sealed record WorkflowStart(string Id, DefinitionReference Definition, Payload Input)
{
    /// <summary>The id of this command; a repeat carries the same id. Null means a new one.</summary>
    public Guid? CommandId { get; init; }

    /// <summary>Whether the id was made for this start, so that no run can have it. The default is false.</summary>
    internal bool IsFresh { get; init; }

    /// <summary>The further definitions of the same document: children of those names run them, whatever else is registered.</summary>
    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    /// <summary>The directory that relative paths of its tasks start from; null means that none was given.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether the definition was named without a version. The default is false.</summary>
    public bool AnyVersion { get; init; }

    /// <summary>When its first task begins; null, or a time that has passed, means at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>The tags of the run.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;
}
