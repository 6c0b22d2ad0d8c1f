using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Workflows;

/// <summary>A run to be started.</summary>
/// <param name="Id">Its id: 1 to 200 of <c>[A-Za-z0-9._~-]</c>.</param>
/// <param name="Definition">What to run; registered before.</param>
/// <param name="Input">The input.</param>
public sealed record WorkflowStart(string Id, DefinitionReference Definition, Payload Input)
{
    /// <summary>The further definitions of the same document: children of those names run them, whatever is registered.</summary>
    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    /// <summary>The directory that whoever started the run was in: what relative paths of its tasks mean; null means that none was said.</summary>
    public string? Directory { get; init; }

    /// <summary>Words to find the run by.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;
}
