using System.CommandLine;
using System.CommandLine.Parsing;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell;

/// <summary>Tells in one line what is wrong with a command line, and which help to read.</summary>
internal static class UsageError
{
    private const int WordWidth = 60;

    public static CommandFailure Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var help = $"{PathOf(command)} --help";
        return new($"{(StrayIn(parsed) is { } stray ? OfStray(stray, command) : Of(parsed.Errors[0], parsed.CommandResult))} ('{help}' shows how)") { Next = [help] };
    }

    /// <summary>The command line that runs a verb: <c>actorflow import wfformat</c>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand ? "actorflow"
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}"
        : command.Name;

    /// <summary>The word nearest to one that was misspelt; null means that no word is near.</summary>
    public static string? Nearest(string token, IEnumerable<string> words)
    {
        var best = words.Select(word => (Word: word, Distance: Distance(token, word))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.Word is not null && token.Length > 2 && best.Distance <= Math.Max(1, token.Length / 3) ? best.Word : null;
    }

    // The parser takes a misspelt option for an argument, and reports a later word as the stray one.
    private static string? StrayIn(ParseResult parsed) => parsed.UnmatchedTokens.Count == 0 ? null : parsed.Tokens
        .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
        .Select(token => token.Value).FirstOrDefault(parsed.UnmatchedTokens[0]);

    private static string OfStray(string stray, Command command)
    {
        var word = $"'{TerminalText.Fit(stray, WordWidth)}'";
        var words = command.Subcommands.Select(verb => verb.Name).Concat(OptionsOf(command).Select(option => option.Name));
        return Nearest(stray, words) is { } guess ? $"{word} is not understood here. Did you mean '{guess}'?"
            : command.Subcommands.Count > 0 && !stray.StartsWith('-') ? $"{word} is no verb; '{PathOf(command)}' has {Verbs(command)}."
            : stray.StartsWith('-') ? $"{word} is no option of '{command.Name}'."
            : $"{word} is one argument too many: {PathOf(command)} takes {Takes(command)}.";
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));

    private static string Of(ParseError error, CommandResult result) => error.SymbolResult switch
    {
        OptionResult { IdentifierTokenCount: 0 } => MissingIn(result) ?? OneLine.Of(error.Message),
        OptionResult { Tokens.Count: 0, IdentifierTokenCount: > 0 } option when option.Option.Arity.MinimumNumberOfValues > 0 => $"{option.Option.Name} needs a value{Described(option.Option)}.",
        OptionResult option when option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues => $"{option.Option.Name} is given {option.IdentifierTokenCount} times; give it once.",
        CommandResult { Command: { Subcommands.Count: > 0 } command } => $"'{PathOf(command)}' needs a verb: {Verbs(command)}.",
        _ => MissingIn(result) ?? OneLine.Of(error.Message),
    };

    private static string? MissingIn(CommandResult result)
    {
        string[] missing =
        [
            .. result.Command.Arguments
                .Where(argument => (result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
                .Select(argument => $"{argument.Name}{Described(argument)}"),
            .. result.Command.Options.Where(option => option.Required && result.GetResult(option) is not { IdentifierTokenCount: > 0 })
                .Select(option => $"{option.Name} {option.HelpName ?? "VALUE"}{Described(option)}"),
        ];
        return missing.Length == 0 ? null : $"'{PathOf(result.Command)}' needs {string.Join(" and ", missing)}.";
    }

    private static string Described(Symbol symbol) =>
        symbol.Description is { Length: > 0 } text ? $" ({char.ToLowerInvariant(text[0])}{text[1..].Split(". ")[0].TrimEnd('.')})" : "";

    private static string Takes(Command command) =>
        command.Arguments.Count == 0 ? "none" : string.Join(' ', command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name));

    private static string Verbs(Command command) => string.Join(", ", command.Subcommands.Select(verb => verb.Name));

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
