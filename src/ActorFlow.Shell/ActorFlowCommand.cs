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
        var parsed = Root(console, verbose, createRunner).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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

    private static RootCommand Root(ShellConsole console, Option<bool> verbose, Func<IWorkflowRunner>? createRunner)
    {
        var root = new RootCommand("Runs workflows: durable graphs of tasks, written in YAML.")
        {
            ValidateCommand.Create(console),
            GraphCommand.Create(console),
            ImportCommand.Create(console),
            DatabaseCommands.Create(console),
        };
        if (createRunner is not null)
        {
            Command[] about = [AnswerCommand.Create(console), SignalCommand.Create(console), .. RecordCommands.Create(console)];
            Command[] running = [RunCommand.Create(console, createRunner), .. about, .. TurnCommands.Create(console, createRunner)];
            for (var i = 0; i < running.Length; i++)
            {
                root.Subcommands.Insert(i, running[i]);
            }
        }

        foreach (var verb in (Command[])[.. NodeCommands.Create(console), .. CommandVerbs.Create(console)])
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
