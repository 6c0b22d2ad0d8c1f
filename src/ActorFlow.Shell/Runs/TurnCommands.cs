using System.CommandLine;

namespace ActorFlow.Shell.Runs;

/// <summary><c>actorflow rewind</c>, <c>fork</c> and <c>retry</c>: they take a run back, fork it or open it again, and run it to its end.</summary>
internal static class TurnCommands
{
    /// <summary>The three verbs.</summary>
    public static IEnumerable<Command> Create(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        yield return Rewind(console, createRunner);
        yield return Fork(console, createRunner);
        yield return Retry(console, createRunner);
    }

    private static Command Rewind(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        var run = RunWords.Run();
        var to = RunWords.Checkpoint("--to", "The checkpoint.");
        to.Required = true;
        var running = new RunningOptions();
        var command = new Command("rewind", "Take a run back to a checkpoint, and run it on to its end.") { run, to };
        running.AddTo(command);
        command.SetAction((parsed, cancellationToken) => GoAsync(
            console, createRunner, running, parsed, parsed.GetRequiredValue(run), new RunContinuation.Rewind(parsed.GetRequiredValue(to)!), cancellationToken));
        Examples.AddTo(command, "actorflow rewind order-7 --to charge", "actorflow rewind order-7 --to '#12'");
        return command;
    }

    private static Command Retry(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        var run = RunWords.Run();
        var from = new Option<string?>("--from") { Description = "The task: it and everything downstream of it run again (what failed).", HelpName = "TASK" };
        var running = new RunningOptions();
        var command = new Command("retry", "Open a run that has ended, and run it on to its end: from what failed, or from a task on.") { run, from };
        running.AddTo(command);
        command.SetAction((parsed, cancellationToken) => GoAsync(
            console, createRunner, running, parsed, parsed.GetRequiredValue(run), new RunContinuation.Retry(parsed.GetValue(from)), cancellationToken));
        Examples.AddTo(command, "actorflow retry order-7", "actorflow retry order-7 --from charge");
        return command;
    }

    private static Command Fork(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        var run = RunWords.Run();
        var from = RunWords.Checkpoint("--from", "The checkpoint (the newest).");
        var input = new Option<string?>("--input") { Description = "Another input: JSON, @file, or - for standard input." };
        var id = RunWords.Id("The id of the new run (one is made up).");
        var running = new RunningOptions();
        var command = new Command("fork", "Begin a new run at a checkpoint of another, which stays as it is, and run it to its end.") { run, from, input, id };
        running.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = running.Of(parsed, null);
            var directory = RunWords.Existing(options.DataDirectory);
            var payload = parsed.GetValue(input) is { } text ? await RunInput.ReadAsync(text, console.In, cancellationToken).ConfigureAwait(false) : null;
            var made = parsed.GetValue(id) ?? Guid.CreateVersion7().ToString("n");
            var request = new RunRequest([], payload, made, parsed.GetValue(id) is null, directory, running.ParallelOf(parsed))
            {
                Turn = new RunContinuation.Fork(parsed.GetRequiredValue(run), parsed.GetValue(from)),
            };
            return await new RunFlow(console, createRunner(), TimeProvider.System).RunAsync(request, options, cancellationToken).ConfigureAwait(false);
        });
        Examples.AddTo(
            command,
            "actorflow fork order-7",
            "actorflow fork order-7 --from charge --input '{\"orderId\": 8}' --id order-8");
        return command;
    }

    private static Task<int> GoAsync(
        ShellConsole console, Func<IWorkflowRunner> createRunner, RunningOptions running, ParseResult parsed, string run, RunContinuation turn,
        CancellationToken cancellationToken)
    {
        var options = running.Of(parsed, null);
        var request = new RunRequest([], null, run, IsNewId: false, RunWords.Existing(options.DataDirectory), running.ParallelOf(parsed)) { Turn = turn };
        return new RunFlow(console, createRunner(), TimeProvider.System).RunAsync(request, options, cancellationToken);
    }
}
