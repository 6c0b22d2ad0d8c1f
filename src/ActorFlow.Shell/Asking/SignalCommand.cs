using System.CommandLine;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary><c>actorflow signal RUN NAME [PAYLOAD]</c></summary>
internal static class SignalCommand
{
    public static Command Create(ShellConsole console)
    {
        var run = RunWords.Run();
        var name = new Argument<string>("NAME") { Description = "The signal's name." };
        var payload = new Argument<string?>("PAYLOAD") { Description = "What it says: JSON, @file, or - for standard input (null).", Arity = ArgumentArity.ZeroOrOne };
        var data = RunWords.Data();
        var output = OutputFormat.Option();
        var command = new Command("signal", "Send a signal to a run. The run goes on with the next 'actorflow run --id RUN'.") { run, name, payload, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(run);
            var said = parsed.GetValue(payload) is { } text ? await RunInput.ReadAsync(text, console.In, cancellationToken, "PAYLOAD").ConfigureAwait(false) : Payload.Null;
            await using var node = await EmbeddedNode.StartIdleAsync(RunWords.Existing(parsed.GetValue(data))).ConfigureAwait(false);
            var top = await node.AskAsync(async () =>
            {
                var waits = await WaitingRuns.TopOfAsync(node, id, cancellationToken).ConfigureAwait(false);
                await node.Client.SignalAsync(id, parsed.GetRequiredValue(name), said, cancellationToken: cancellationToken).ConfigureAwait(false);
                return waits;
            }).ConfigureAwait(false);
            await Delivered.SayAsync(
                console, OutputFormat.IsJson(parsed, output), id, top, ("signal", parsed.GetRequiredValue(name)), $"{id} has the signal {parsed.GetRequiredValue(name)}",
                parsed.GetValue(data)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow signal order-7 paid", "actorflow signal order-7 paid '{\"amount\": 12}'", "actorflow signal order-7 paid @receipt.json");
        return command;
    }
}
