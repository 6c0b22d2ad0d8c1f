namespace ActorFlow.Core.Definitions.Reading;

/// <summary>"Did you mean": the known word that takes the fewest edits.</summary>
internal static class NearestWord
{
    private const int MaxLength = 100;

    /// <summary><c>, did you mean `x`?</c>, or empty when no word is near.</summary>
    public static string Suggest(string word, IEnumerable<string> known) =>
        Find(word, known) is { } nearest ? $"; did you mean {Excerpt.Of(nearest)}?" : "";

    /// <summary>The nearest word within a third of its length, the first of several; null if there is none.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        if (word.Length > MaxLength)
        {
            return null;
        }

        var (nearest, fewest) = ((string?)null, int.MaxValue);
        foreach (var candidate in known)
        {
            var allowed = Math.Max(1, (Math.Max(word.Length, candidate.Length) + 1) / 3);
            if (candidate.Length > MaxLength || Math.Abs(word.Length - candidate.Length) > Math.Min(allowed, fewest - 1))
            {
                continue;
            }

            var edits = Edits(word, candidate);
            if (edits <= allowed && edits < fewest)
            {
                (nearest, fewest) = (candidate, edits);
            }
        }

        return nearest;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours; differences of case, and <c>_</c> for <c>-</c>, do not count.</summary>
    private static int Edits(string left, string right)
    {
        var width = right.Length + 1;
        Span<int> before = stackalloc int[MaxLength + 1], last = stackalloc int[MaxLength + 1], row = stackalloc int[MaxLength + 1];
        for (var j = 0; j < width; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j < width; j++)
            {
                var same = Fold(left[i - 1]) == Fold(right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + same);
                if (i > 1 && j > 1 && Fold(left[i - 1]) == Fold(right[j - 2]) && Fold(left[i - 2]) == Fold(right[j - 1]))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            last.CopyTo(before);
            row.CopyTo(last);
        }

        return last[right.Length];
    }

    private static char Fold(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
