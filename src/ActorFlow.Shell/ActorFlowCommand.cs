using System.CommandLine;
using System.Reflection;
using ActorFlow.Core.Payloads;
using ActorFlow.Shell.Asking;
using ActorFlow.Shell.Databases;
using ActorFlow.Shell.Graphs;
using ActorFlow.Shell.Import;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Records;
using ActorFlow.Shell.Runs;
using ActorFlow.Shell.Validation;

namespace ActorFlow.Shell;

/// <summary>The command <c>actorflow</c>: its verbs and their exit codes.</summary>
internal static class ActorFlowCommand
{
    /// <summary>The version of this build.</summary>
    public static string Version =>
        typeof(ActorFlowCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs the verb in <paramref name="args"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="console">The console of the verb.</param>
    /// <param name="createRunner">Makes the node that workflows run on; null means that there are no verbs about runs.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args, ShellConsole console, Func<IWorkflowRunner>? createRunner)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Show stack traces.", Recursive = true };
        // No response files: @file names an input.
        var parsed = Root(args, console, verbose, createRunner).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && !(Examples.IsHelp(parsed.Action) && NamesItsVerb(parsed)))
        {
            return await FailAsync(UsageError.Of(parsed), parsed, console, verbose: false).ConfigureAwait(false);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            return await FailAsync(failure, parsed, console, parsed.GetValue(verbose)).ConfigureAwait(false);
        }
        catch (Exception error) when (EnvironmentFailures.Of(error) is { } failure)
        {
            return await FailAsync(failure, parsed, console, parsed.GetValue(verbose)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return await FailAsync(new(Unexpected(error), ExitCode.RunFailed, error), parsed, console, parsed.GetValue(verbose)).ConfigureAwait(false);
        }
    }

    /// <summary>The verbs of a command line: the one that it begins with, with those that are made together with it; all if it begins with none.</summary>
    /// <remarks>Making a verb takes time, and no verb's help or refusals name another.</remarks>
    internal static IEnumerable<Command> VerbsFor(string[] args, ShellConsole console, Func<IWorkflowRunner>? createRunner)
    {
        var groups = Groups(console, createRunner).ToList();
        var named = groups.FindAll(group => args is [var first, ..] && group.Names.Contains(first, StringComparer.Ordinal));
        return (named.Count > 0 ? named : groups).SelectMany(group => group.Make());
    }

    private static IEnumerable<(string[] Names, Func<IEnumerable<Command>> Make)> Groups(ShellConsole console, Func<IWorkflowRunner>? createRunner)
    {
        if (createRunner is not null)
        {
            yield return (["run"], () => [RunCommand.Create(console, createRunner)]);
            yield return (["answer"], () => [AnswerCommand.Create(console)]);
            yield return (["signal"], () => [SignalCommand.Create(console)]);
            yield return (["show", "history", "checkpoints"], () => RecordCommands.Create(console));
            yield return (["rewind", "fork", "retry"], () => TurnCommands.Create(console, createRunner));
        }

        yield return (["validate"], () => [ValidateCommand.Create(console)]);
        yield return (["graph"], () => [GraphCommand.Create(console)]);
        yield return (["import"], () => [ImportCommand.Create(console)]);
        yield return (["db"], () => [DatabaseCommands.Create(console)]);
        yield return (["dev", "node"], () => NodeCommands.Create(console));
        yield return (["workflow"], () => [CommandVerbs.Workflow(console)]);
        yield return (["definition"], () => [CommandVerbs.Definition(console)]);
        yield return (["key"], () => [CommandVerbs.Key(console)]);
        yield return (["audit"], () => [CommandVerbs.Audit(console)]);
    }

    private static RootCommand Root(string[] args, ShellConsole console, Option<bool> verbose, Func<IWorkflowRunner>? createRunner)
    {
        var root = new RootCommand("Runs workflows: durable graphs of tasks, written in YAML.");
        foreach (var verb in VerbsFor(args, console, createRunner))
        {
            root.Subcommands.Add(verb);
        }

        root.Subcommands.Add(HelpCommand.Create(root));
        root.Options.Add(verbose);
        root.Options.OfType<VersionOption>().Single().Aliases.Add("-v");
        Examples.AddTo(root, "actorflow validate order.yaml", "actorflow run order.yaml --input '{\"orderId\": 7}'");
        return root;
    }

    /// <summary>Whether the command line names an existing verb: then help is shown, whatever else is wrong.</summary>
    private static bool NamesItsVerb(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count == 0 || parsed.UnmatchedTokens.Count == 0;

    /// <summary>Tells a failure: people in a line on standard error, programs that asked for JSON on standard output as well.</summary>
    private static async Task<int> FailAsync(CommandFailure failure, ParseResult parsed, ShellConsole console, bool verbose)
    {
        var line = $"actorflow: {failure.Message}";
        await console.Error.WriteLineAsync(verbose && failure.InnerException is { } cause ? $"{line}\n{cause}" : line).ConfigureAwait(false);
        if (OutputFormat.IsJsonAsked(parsed) && !failure.IsInResult)
        {
            await console.Out.WriteLineAsync(AnswerJson.Of(failure).ToString()).ConfigureAwait(false);
        }

        return failure.ExitCode;
    }

    private static string Unexpected(Exception error) =>
        $"unexpected {error.GetType().Name}: {OneLine.Of(error.Message)} (--verbose shows where; please report it)";
}
