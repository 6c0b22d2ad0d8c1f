using System.CommandLine;
using System.CommandLine.Parsing;

namespace ActorFlow.Shell;

/// <summary>Says in one line what is wrong with a command line, and where to look.</summary>
internal static class UsageError
{
    public static string Describe(ParseResult parsed)
    {
        // A misspelt option is taken for an argument, and something later for the stray one.
        var stray = parsed.UnmatchedTokens.Count == 0 ? null : parsed.Tokens
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(token => token.Value).FirstOrDefault(parsed.UnmatchedTokens[0]);
        var message = stray is null ? OneLine.Of(parsed.Errors[0].Message) : $"'{OneLine.Of(stray, 60)}' is not understood here.";
        var guess = stray is null ? null : Nearest(stray, parsed.CommandResult.Command);
        var help = $"'{string.Join(' ', Path(parsed))} --help' shows how";
        return $"actorflow: {message}{(guess is null ? "" : $" Did you mean '{guess}'?")} ({help})";
    }

    private static IEnumerable<string> Path(ParseResult parsed) =>
        parsed.CommandResult.Command.Parents.OfType<Command>().Reverse().Append(parsed.CommandResult.Command)
            .Select(command => command is RootCommand ? "actorflow" : command.Name);

    private static string? Nearest(string token, Command command)
    {
        var words = command.Subcommands.Select(verb => verb.Name).Concat(command.Options.Select(option => option.Name));
        var best = words.Select(word => (Word: word, Distance: Distance(token, word))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, token.Length / 3) ? best.Word : null;
    }

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
