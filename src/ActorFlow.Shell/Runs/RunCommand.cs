using System.CommandLine;
using System.CommandLine.Parsing;

namespace ActorFlow.Shell.Runs;

/// <summary><c>actorflow run FILE</c></summary>
internal static class RunCommand
{
    /// <summary>The verb.</summary>
    /// <param name="console">The console of the verb.</param>
    /// <param name="createRunner">Makes the node; called once there is a run to start.</param>
    public static Command Create(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        var id = RunWords.IdOrChildId("The id of the run; that of an earlier one (of a child: PARENT/TASK) resumes it.");
        var file = new Argument<string?>("FILE")
        {
            Description = "A workflow file; its first document runs, the others are its children. With --id of a run that is there it may be left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var input = new Option<string?>("--input") { Description = "The input: JSON, @file, or - for standard input." };
        var running = new RunningOptions();
        running.Output.Description = "The run's output alone (table), or with id, status and failed tasks (json).";

        var command = new Command(
            "run",
            "Run a workflow file to its end, on a node inside this command. What it asks is asked at the terminal; without one it stops "
            + "(exit code 130) once only answers and signals are left to wait for, and says how to give them.")
        {
            file, input, id,
        };
        running.AddTo(command);
        command.Validators.Add(result => RequireFileOrId(result, file, id, input));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = running.Of(parsed, parsed.GetValue(file));
            var request = await ReadAsync(parsed.GetValue(id), options, parsed.GetValue(input), console, cancellationToken).ConfigureAwait(false);
            request = request with { Parallel = running.ParallelOf(parsed) };
            return await new RunFlow(console, createRunner(), TimeProvider.System).RunAsync(request, options, cancellationToken).ConfigureAwait(false);
        });
        Examples.AddTo(
            command,
            "actorflow run order.yaml --input '{\"orderId\": 7}'",
            "actorflow run order.yaml --input @order.json --id order-7",
            "actorflow run order.yaml --id order-7        # after a crash or Ctrl+C: goes on where it was",
            "actorflow answer order-7 approve yes && actorflow run --id order-7");
        return command;
    }

    private static void RequireFileOrId(CommandResult result, Argument<string?> file, Option<string?> id, Option<string?> input)
    {
        if (result.GetResult(file) is { Tokens.Count: > 0 })
        {
            return;
        }

        if (result.GetResult(id) is null)
        {
            result.AddError("'actorflow run' needs a FILE to run, or --id ID of a run to go on with.");
        }
        else if (result.GetResult(input) is not null)
        {
            result.AddError("--input goes with a FILE: a run that is there has its input already.");
        }
    }

    private static async Task<RunRequest> ReadAsync(
        string? id, RunOptions options, string? input, ShellConsole console, CancellationToken cancellationToken)
    {
        if (options.File is not { } file)
        {
            return new([], null, id!, IsNewId: false, RunWords.Existing(options.DataDirectory), null);
        }

        var documents = await DefinitionFile.ReadValidAsync(file, console, cancellationToken, id => RunWords.GoOn(id, options.DataDirectory)).ConfigureAwait(false);
        var payload = input is null ? null : await RunInput.ReadAsync(input, console.In, cancellationToken).ConfigureAwait(false);
        return new(
            documents.Definitions, payload, id ?? Guid.CreateVersion7().ToString("n"), id is null, options.DataDirectory ?? RunWords.DefaultDataDirectory, null);
    }
}
