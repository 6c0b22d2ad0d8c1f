namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>Command lines that are shown to be copied.</summary>
internal static class CommandLine
{
    /// <summary>The words as a POSIX shell reads them back; null words are left out.</summary>
    public static string Of(params IEnumerable<string?> words) => string.Join(' ', words.OfType<string>().Select(Quoted));

    /// <summary>One word as a POSIX shell reads it back.</summary>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '/' or '-' or '_' or ':' or '\\' or '+' or '=' or ',' or '~')
            && !text.StartsWith('~')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
