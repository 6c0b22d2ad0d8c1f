namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>Finds where a text holds secrets: as it stands, and with the escapes of JSON and URLs undone, twice over.</summary>
internal sealed class SecretSearch(BytePatterns patterns, bool anyBlank)
{
    private const int Depth = 2;

    private readonly List<(int Start, int End)> _found = [];

    /// <summary>The places, in order, none touching another's inside; empty: there are none.</summary>
    public List<(int Start, int End)> Find(ReadOnlySpan<byte> text)
    {
        _found.Clear();
        Look(text, null, 0);
        if (text.ContainsAny((byte)'\r', (byte)'\n') && SearchedText.WithoutLineEnds(text) is { } unbroken)
        {
            Look(unbroken.Bytes, unbroken, Depth);
        }

        if (_found.Count > 1)
        {
            Merge();
        }

        return _found;
    }

    private void Look(ReadOnlySpan<byte> text, SearchedText? view, int depth)
    {
        for (var at = patterns.Next(text, 0, out var pattern); at >= 0; at = patterns.Next(text, at + 1, out pattern))
        {
            var (start, end) = (at, at + pattern!.Bytes.Length);
            start -= pattern.Before > 0 && start > 0 && IsBase64(text[start - 1]) ? 1 : 0;
            end += pattern.After > 0 && end < text.Length && IsBase64(text[end]) ? 1 : 0;
            _found.Add(view is null ? (start, end) : (view.StartOf(start), view.EndOf(end - 1)));
        }

        if (depth == Depth)
        {
            return;
        }

        if (text.Contains((byte)'%'))
        {
            LookInto(SearchedText.WithoutPercents(text, view, plusIsBlank: false), depth);
        }

        if (anyBlank && text.Contains((byte)'+'))
        {
            LookInto(SearchedText.WithoutPercents(text, view, plusIsBlank: true), depth);
        }

        if (text.Contains((byte)'\\'))
        {
            LookInto(SearchedText.WithoutBackslashes(text, view), depth);
        }
    }

    private void LookInto(SearchedText? view, int depth)
    {
        if (view is not null)
        {
            Look(view.Bytes, view, depth + 1);
        }
    }

    private void Merge()
    {
        _found.Sort();
        var kept = 0;
        for (var i = 1; i < _found.Count; i++)
        {
            if (_found[i].Start < _found[kept].End)
            {
                _found[kept] = (_found[kept].Start, Math.Max(_found[kept].End, _found[i].End));
            }
            else
            {
                _found[++kept] = _found[i];
            }
        }

        _found.RemoveRange(kept + 1, _found.Count - kept - 1);
    }

    private static bool IsBase64(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'+' or (byte)'/' or (byte)'-' or (byte)'_';
}
