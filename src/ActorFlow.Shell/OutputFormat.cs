using System.CommandLine;

namespace ActorFlow.Shell;

/// <summary>The option <c>-o table|json</c>: for people, or for programs.</summary>
internal static class OutputFormat
{
    /// <summary>The option for one verb whose result is for people unless they say otherwise.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>("-o", "--output") { Description = "For people (table) or programs (json).", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }

    /// <summary>The option for one verb that lists or shows: for people on a terminal, else for programs.</summary>
    public static Option<string> Option(ShellConsole console)
    {
        var option = Option();
        option.Description = "For people (table) or programs (json); by default table on a terminal, else json.";
        option.DefaultValueFactory = _ => console.OutIsTerminal ? "table" : "json";
        return option;
    }

    /// <summary>Whether programs will read the output.</summary>
    public static bool IsJson(ParseResult parsed, Option<string> option) => parsed.GetValue(option) == "json";
}
