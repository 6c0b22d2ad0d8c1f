using System.Text.RegularExpressions;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>README.md of the repository, and what stands in its fences.</summary>
internal static partial class Readme
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>The fenced blocks of a language (<c>*</c>: of any), in order, from the first place of <paramref name="after"/> on.</summary>
    public static IEnumerable<string> Blocks(string language, string after = "") =>
        Fences().Matches(Text[Text.IndexOf(after, StringComparison.Ordinal)..])
            .Where(match => language == "*" || match.Groups["language"].Value == language)
            .Select(match => match.Groups["text"].Value);

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "ActorFlow.sln")) ? directory : FindRoot(Path.GetDirectoryName(directory)!);

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
