using System.Text;

namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>
/// What to look for to find a secret: itself, each of its lines, and both in base64 wherever they stand within what was encoded.
/// Escapes (JSON, URL) are undone in the text that is searched instead: which characters somebody escapes is a matter of taste.
/// </summary>
internal static class SecretForms
{
    /// <summary>The shortest text that is looked for, in UTF-16 units: shorter ones would mask innocent text.</summary>
    public const int ShortestValue = 6;

    public static IEnumerable<BytePattern> Of(string value) => Texts(value)
        .Where(text => text.Length >= ShortestValue)
        .Distinct(StringComparer.Ordinal)
        .Select(Encoding.UTF8.GetBytes)
        .SelectMany(bytes => Base64(bytes).Prepend(new BytePattern(bytes)));

    private static IEnumerable<string> Texts(string value)
    {
        yield return value;
        foreach (var line in value.Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            yield return line;
        }
    }

    // What stands before the secret may fill 0, 1 or 2 bytes of the group of three that it begins in. Only the characters that the
    // secret alone decides are looked for; one at either end that it shares with its neighbour goes with them.
    private static IEnumerable<BytePattern> Base64(byte[] secret)
    {
        for (var before = 0; before < 3; before++)
        {
            var padded = new byte[before + secret.Length];
            secret.CopyTo(padded, before);
            var first = ((before * 8) + 5) / 6;
            var end = padded.Length * 8 / 6;
            var text = Convert.ToBase64String(padded)[first..end];
            var (shared, cut) = (before == 0 ? 0 : 1, padded.Length % 3 == 0 ? 0 : 1);
            yield return new(Encoding.ASCII.GetBytes(text), shared, cut);
            if (text.AsSpan().ContainsAny('+', '/'))
            {
                yield return new(Encoding.ASCII.GetBytes(text.Replace('+', '-').Replace('/', '_')), shared, cut);
            }
        }
    }
}
