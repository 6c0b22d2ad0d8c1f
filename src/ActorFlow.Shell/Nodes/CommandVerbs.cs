using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using ActorFlow.Node.Admin;
using ActorFlow.Node.Api;

namespace ActorFlow.Shell.Nodes;

/// <summary>The nouns and verbs of the command line that follow from <see cref="AdminCommands"/>: arguments, checks, completion and help.</summary>
internal static class CommandVerbs
{
    /// <summary>The option that confirms what is dangerous.</summary>
    public const string Yes = "--yes";

    /// <summary><c>actorflow workflow</c></summary>
    public static Command Workflow(ShellConsole console) => Noun(
        console, "workflow", "Start, steer and read the runs of a node: see 'actorflow dev'.", "workflow start order --wait", "workflow list --status failed");

    /// <summary><c>actorflow definition</c></summary>
    public static Command Definition(ShellConsole console) => Noun(
        console, "definition", "Register and read the definitions of a node: see 'actorflow dev'.", "definition register order.yaml", "definition list");

    /// <summary><c>actorflow key</c></summary>
    public static Command Key(ShellConsole console) => Noun(
        console, AccessCommands.Keys, "Make, list and revoke the API keys of a node, or of a store before a node starts.", "key create --name ci --role operator", "key list");

    /// <summary><c>actorflow audit</c></summary>
    public static Command Audit(ShellConsole console) => Noun(console, AccessCommands.Audit, "");

    /// <summary>The words that give an argument again.</summary>
    public static IEnumerable<string> WordsOf(AdminArgument argument, AdminCall call) =>
        !argument.IsOption ? call.All(argument)
        : argument.Kind == AdminKind.Flag ? call.Has(argument) ? [argument.Name] : []
        : call.All(argument).SelectMany(word => (string[])[argument.Name, word]);

    /// <summary>Checks what is typed for an argument.</summary>
    public static void CheckAs<TResult>(AdminArgument argument, List<Action<TResult>> validators)
        where TResult : SymbolResult => validators.Add(result =>
    {
        if (argument.ProblemOf(result.Tokens.Select(token => token.Value)) is { } problem)
        {
            result.AddError(problem);
        }
    });

    private static Command Noun(ShellConsole console, string name, string description, params string[] examples)
    {
        var noun = new Command(name, description);
        var talk = new NodeTalk(console, noun, name is AccessCommands.Keys or AccessCommands.Audit ? new(noun) : null);
        foreach (var command in AdminCommands.All.Where(command => command.Noun == name))
        {
            if (command.Verb.Length == 0)
            {
                noun.Description = DescriptionOf(command);
                SetUp(noun, command, talk);
                return noun;
            }

            var verb = new Command(command.Verb, DescriptionOf(command));
            SetUp(verb, command, talk);
            noun.Subcommands.Add(verb);
        }

        Examples.AddTo(noun, [.. examples.Select(example => $"actorflow {example}")]);
        return noun;
    }

    private static string DescriptionOf(AdminCommand command) =>
        command.Needs > ApiRole.Operator ? $"{command.Description} Needs the role {command.Needs.ToWord()}." : command.Description;

    private static void SetUp(Command verb, AdminCommand command, NodeTalk talk)
    {
        var symbols = new List<(AdminArgument Argument, Symbol Symbol)>();
        foreach (var argument in command.Arguments)
        {
            symbols.Add((argument, argument.IsOption ? OptionOf(argument, talk) : ArgumentOf(argument, talk)));
        }

        foreach (var (_, symbol) in symbols)
        {
            if (symbol is Argument positional)
            {
                verb.Arguments.Add(positional);
            }
            else
            {
                verb.Options.Add((Option)symbol);
            }
        }

        var yes = command.Danger is null ? null : new Option<bool>(Yes, "-y") { Description = "Do not ask." };
        if (yes is not null)
        {
            verb.Options.Add(yes);
        }

        verb.SetAction((parsed, cancellationToken) => talk.CallAsync(
            command,
            parsed,
            symbols.Where(pair => parsed.GetResult(pair.Symbol) is { } found && !IsImplicit(found)).ToDictionary(
                pair => pair.Argument.Name, pair => (IReadOnlyList<string>)[.. parsed.GetResult(pair.Symbol)!.Tokens.Select(token => token.Value)]),
            yes is not null && parsed.GetValue(yes),
            cancellationToken));
        Examples.AddTo(verb, [.. command.Examples.Select(example => string.Join(' ', ((string[])["actorflow", command.Noun, command.Verb, example]).Where(word => word.Length > 0)))]);
    }

    private static bool IsImplicit(SymbolResult result) => result is OptionResult { Implicit: true } or ArgumentResult { Implicit: true };

    private static Argument ArgumentOf(AdminArgument argument, NodeTalk talk)
    {
        Argument symbol = argument.IsRepeated ? new Argument<string[]>(argument.Name) { Arity = ArgumentArity.OneOrMore } : new Argument<string>(argument.Name);
        // Help would list what completes it.
        (symbol.Description, symbol.HelpName) = (argument.Description, argument.Name);
        CheckAs(argument, symbol.Validators);
        Complete(argument, symbol.CompletionSources, talk);
        return symbol;
    }

    private static Option OptionOf(AdminArgument argument, NodeTalk talk)
    {
        string[] aliases = argument.ShortName is { } name ? [name] : [];
        if (argument.Kind == AdminKind.Flag)
        {
            return new Option<bool>(argument.Name, aliases) { Description = argument.Description };
        }

        Option symbol = argument.IsRepeated ? new Option<string[]>(argument.Name, aliases) : new Option<string>(argument.Name, aliases);
        (symbol.Description, symbol.HelpName, symbol.Required) = (argument.Description, argument.ValueName, argument.IsRequired);
        CheckAs(argument, symbol.Validators);
        Complete(argument, symbol.CompletionSources, talk);
        return symbol;
    }

    private static void Complete(AdminArgument argument, List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, NodeTalk talk)
    {
        if (AdminCompletion.Asks(argument))
        {
            // The messages of the parser ask too, for no command line.
            sources.Add(context => context is TextCompletionContext ? talk.Complete(argument, RunIn(context.ParseResult), context) : []);
        }
        else if (argument.Words is { Count: > 0 } words)
        {
            sources.Add([.. words]);
        }
    }

    private static string? RunIn(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault(result => result.Argument.Name == RunArguments.Run.Name)?.Tokens is [var run, ..] ? run.Value : null;
}
