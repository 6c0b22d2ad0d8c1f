using System.CommandLine;
using System.CommandLine.Parsing;

namespace ActorFlow.Shell;

/// <summary>The option <c>-o table|json</c>: for people, or for programs.</summary>
internal static class OutputFormat
{
    private const string Name = "-o";

    /// <summary>The option of a verb whose result is for people by default.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>(Name, "--output") { Description = "For people (table) or programs (json).", DefaultValueFactory = _ => "table" };
        TakeOnly(option, "table", "json");
        return option;
    }

    /// <summary>The option of a verb that lists or shows: by default for people on a terminal, else for programs.</summary>
    public static Option<string> Option(ShellConsole console)
    {
        var option = Option();
        option.Description = "For people (table) or programs (json); by default table on a terminal, else json.";
        option.DefaultValueFactory = _ => console.OutIsTerminal ? "table" : "json";
        return option;
    }

    /// <summary>Lets the option take only these words, and names them in completion, help and refusal.</summary>
    public static void TakeOnly(Option<string> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.HelpName = string.Join('|', words);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value, StringComparer.Ordinal))
            {
                result.AddError($"{option.Name} takes {string.Join(", ", words[..^1])} or {words[^1]}, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
    }

    /// <summary>Whether programs will read the output.</summary>
    public static bool IsJson(ParseResult parsed, Option<string> option) => parsed.GetValue(option) == "json";

    /// <summary>Whether the command line itself asks for JSON.</summary>
    public static bool IsJsonAsked(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            if (command.Children.OfType<OptionResult>().Any(option => option is { Option.Name: Name, Implicit: false, Tokens: [{ Value: "json" }] }))
            {
                return true;
            }
        }

        return false;
    }
}
