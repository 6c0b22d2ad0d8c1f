using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows;

/// <summary>Words to find a run by, each with a value: compared by their characters, whatever language the node speaks.</summary>
public static class RunTags
{
    /// <summary>No tags.</summary>
    public static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The same tags, compared and ordered by their characters.</summary>
    /// <param name="tags">The tags, in whatever order.</param>
    public static ImmutableSortedDictionary<string, string> Ordinal(ImmutableSortedDictionary<string, string> tags) =>
        tags.IsEmpty ? None : tags.WithComparers(StringComparer.Ordinal);
}
