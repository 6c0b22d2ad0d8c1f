using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows;

/// <summary>The tags of a run: names with values, compared by their characters, whatever the culture of the node.</summary>
internal static class RunTags
{
    /// <summary>No tags.</summary>
    public static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the text can be the key of a tag: 1 to 100 of <c>[A-Za-z0-9._-]</c>.</summary>
    public static bool IsKey(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The same tags, compared and ordered by their characters.</summary>
    /// <param name="tags">The tags, in any order.</param>
    public static ImmutableSortedDictionary<string, string> Ordinal(ImmutableSortedDictionary<string, string> tags) =>
        tags.IsEmpty ? None : tags.WithComparers(StringComparer.Ordinal);
}
