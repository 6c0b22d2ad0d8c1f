using System.CommandLine;

namespace ActorFlow.Shell.Runs;

/// <summary><c>actorflow run FILE</c></summary>
internal static class RunCommand
{
    private const int LongestId = 200;

    /// <summary>The verb.</summary>
    /// <param name="console">Where it reads and writes.</param>
    /// <param name="createRunner">Makes the node; called once it is sure that there is something to run.</param>
    public static Command Create(ShellConsole console, Func<IWorkflowRunner> createRunner)
    {
        var file = new Argument<string>("FILE") { Description = "A workflow file; its first document runs." };
        var input = new Option<string?>("--input") { Description = "The input: JSON, @file, or - for standard input." };
        var id = new Option<string?>("--id") { Description = "The id of the run; that of an earlier one resumes it." };
        var data = new Option<string?>("--data") { Description = $"The directory for the database ({RunFlow.DefaultDataDirectory})." };
        var parallel = new Option<int?>("--parallel") { Description = "How many tasks may run at once." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress." };
        var output = OutputFormat.Option();
        output.Description = "The run's output alone (table), or with id, status and failed tasks (json).";
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !IsId(token.Value))
            {
                result.AddError($"--id takes 1 to {LongestId} of the characters A-Z a-z 0-9 . _ ~ -, not '{OneLine.Of(token.Value, 60)}'.");
            }
        });
        parallel.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is >= 1 and <= 10_000))
            {
                result.AddError($"--parallel takes a number from 1 to 10000, not '{OneLine.Of(token.Value, 60)}'.");
            }
        });

        var command = new Command("run", "Run a workflow file to its end, on a node inside this command.") { file, input, id, data, parallel, quiet, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new RunOptions(
                parsed.GetValue(file)!,
                parsed.GetValue(input),
                parsed.GetValue(id),
                parsed.GetValue(data),
                parsed.GetValue(parallel),
                parsed.GetValue(quiet),
                OutputFormat.IsJson(parsed, output));
            return await new RunFlow(console, createRunner(), TimeProvider.System).RunAsync(options, cancellationToken).ConfigureAwait(false);
        });
        Examples.AddTo(
            command,
            "actorflow run order.yaml --input '{\"orderId\": 7}'",
            "actorflow run order.yaml --input @order.json --id order-7",
            "actorflow run order.yaml --id order-7        # after a crash or Ctrl+C: goes on where it was");
        return command;
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= LongestId && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '~' or '-');
}
