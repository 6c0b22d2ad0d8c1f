using System.CommandLine;

namespace ActorFlow.Shell;

/// <summary>Says in one line what is wrong with a command line, and where to look.</summary>
internal static class UsageError
{
    public static string Describe(ParseResult parsed)
    {
        var message = OneLine.Of(parsed.Errors[0].Message);
        var guess = parsed.UnmatchedTokens.Select(token => Nearest(token, parsed.CommandResult.Command)).FirstOrDefault(word => word is not null);
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
