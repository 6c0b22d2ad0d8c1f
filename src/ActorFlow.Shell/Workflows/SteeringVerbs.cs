using System.CommandLine;
using ActorFlow.Shell.Asking;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Records;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Workflows;

/// <summary>The verbs that change runs: from <c>signal</c> to <c>purge</c>.</summary>
internal static class SteeringVerbs
{
    /// <summary>The verbs.</summary>
    public static IEnumerable<Command> Create(NodeTalk talk)
    {
        yield return Signal(talk);
        yield return Answer(talk);
        yield return Simple(talk, "pause", "Pause a run: what runs ends, and nothing more begins.", "paused", static (client, id, token) => client.PauseAsync(id, cancellationToken: token));
        yield return Simple(talk, "resume", "End the pause of a run.", "resumed", static (client, id, token) => client.ResumeAsync(id, cancellationToken: token));
        yield return Ending(
            talk, "cancel", "Cancel a run: its attempts are told to stop, and what it has done is undone where its definition says how.", "told to cancel",
            static (client, id, reason, token) => client.CancelAsync(id, reason, cancellationToken: token));
        yield return Ending(
            talk, "terminate", "End a run at once, without undoing anything.", "terminated",
            static (client, id, reason, token) => client.TerminateAsync(id, reason, cancellationToken: token));
        yield return Retry(talk);
        yield return Rewind(talk);
        yield return Fork(talk);
        yield return Checkpoint(talk);
        yield return Purge(talk);
    }

    private static Command Signal(NodeTalk talk)
    {
        var run = RunWords.Run();
        var name = new Argument<string>("NAME") { Description = "The signal's name." };
        var payload = new Option<string?>("--payload") { Description = "What it says: JSON, @file, or - for standard input (null)." };
        return talk.Verb(
            "signal",
            "Send a signal to a run.",
            [run, name, payload],
            async (call, cancellationToken) =>
            {
                var (id, signal) = (call.Parsed.GetRequiredValue(run), call.Parsed.GetRequiredValue(name));
                var said = call.Parsed.GetValue(payload) is { } text
                    ? await RunInput.ReadAsync(text, call.Console.In, cancellationToken, "--payload").ConfigureAwait(false)
                    : Payload.Null;
                await call.Client.SignalAsync(id, signal, said, cancellationToken: cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, "signalled", $"{id} has the signal {signal}", ("signal", signal)).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow signal order-7 paid",
            "actorflow workflow signal order-7 paid --payload '{\"amount\": 12}'");
    }

    private static Command Answer(NodeTalk talk)
    {
        var run = RunWords.Run();
        var task = new Argument<string>("TASK") { Description = "The path of the task that asks; the iteration of a loop may be left out." };
        var value = new Argument<string>("VALUE") { Description = "yes or no; an option or its number; 1 to 5; text." };
        var comment = new Option<string?>("--comment") { Description = "What you say with it." };
        return talk.Verb(
            "answer",
            "Answer what a run asks.",
            [run, task, value, comment],
            async (call, cancellationToken) =>
            {
                var (id, path) = (call.Parsed.GetRequiredValue(run), call.Parsed.GetRequiredValue(task));
                var question = await Answers.FindAsync(call.Client, id, path, cancellationToken).ConfigureAwait(false);
                await call.Client.AnswerAsync(
                    id,
                    path,
                    Answers.Read(question, path, call.Parsed.GetRequiredValue(value)),
                    new() { ClaimedBy = Environment.UserName, Comment = call.Parsed.GetValue(comment) },
                    cancellationToken: cancellationToken).ConfigureAwait(false);
                var answered = question?.Task ?? path;
                await call.SayAsync(id, "answered", $"{answered} of {id} is answered", ("task", answered)).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow answer order-7 approve yes",
            "actorflow workflow answer order-7 size large --comment 'it is a gift'");
    }

    private static Command Simple(NodeTalk talk, string name, string description, string done, Func<IWorkflowClient, string, CancellationToken, Task> work)
    {
        var run = RunWords.Run();
        return talk.Verb(
            name,
            description,
            [run],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                await work(call.Client, id, cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, done, $"{id} is {done}").ConfigureAwait(false);
                return ExitCode.Done;
            },
            $"actorflow workflow {name} order-7");
    }

    private static Command Ending(
        NodeTalk talk, string name, string description, string done, Func<IWorkflowClient, string, string, CancellationToken, Task> work)
    {
        var run = RunWords.Run();
        var reason = new Option<string?>("--reason") { Description = "Why, for those who look at the run later." };
        return talk.Verb(
            name,
            description,
            [run, reason],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                await work(call.Client, id, call.Parsed.GetValue(reason) ?? $"{name} by {Environment.UserName}", cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, done, $"{id} is {done}").ConfigureAwait(false);
                return ExitCode.Done;
            },
            $"actorflow workflow {name} order-7",
            $"actorflow workflow {name} order-7 --reason 'ordered twice'");
    }

    private static Command Retry(NodeTalk talk)
    {
        var run = RunWords.Run();
        var from = new Option<string?>("--from") { Description = "The task: it and everything downstream of it run again (what failed).", HelpName = "TASK" };
        return talk.Verb(
            "retry",
            "Open a run that has ended: from what failed, or from a task on.",
            [run, from],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                await call.Client.RetryAsync(id, call.Parsed.GetValue(from), cancellationToken: cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, "opened again", $"{id} is opened again").ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow retry order-7",
            "actorflow workflow retry order-7 --from charge");
    }

    private static Command Rewind(NodeTalk talk)
    {
        var run = RunWords.Run();
        var to = RunWords.Checkpoint("--to", "The checkpoint.");
        to.Required = true;
        return talk.Verb(
            "rewind",
            "Take a run back to a checkpoint, from where it goes on.",
            [run, to],
            async (call, cancellationToken) =>
            {
                var (id, checkpoint) = (call.Parsed.GetRequiredValue(run), call.Parsed.GetRequiredValue(to)!);
                await call.Client.RewindAsync(id, checkpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, "taken back", $"{id} is taken back to {checkpoint}", ("checkpoint", checkpoint)).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow rewind order-7 --to charge",
            "actorflow workflow rewind order-7 --to '#12'");
    }

    private static Command Fork(NodeTalk talk)
    {
        var run = RunWords.Run();
        var from = RunWords.Checkpoint("--from", "The checkpoint (the newest).");
        var input = new Option<string?>("--input") { Description = "Another input: JSON, @file, or - for standard input." };
        var id = RunWords.Id("The id of the new run (one is made up).");
        return talk.Verb(
            "fork",
            "Begin a new run at a checkpoint of another, which stays as it is.",
            [run, from, input, id],
            async (call, cancellationToken) =>
            {
                var payload = call.Parsed.GetValue(input) is { } text
                    ? await RunInput.ReadAsync(text, call.Console.In, cancellationToken).ConfigureAwait(false)
                    : null;
                var options = new ForkOptions { From = call.Parsed.GetValue(from), Input = payload, Id = call.Parsed.GetValue(id) };
                var forked = await call.Client.ForkAsync(call.Parsed.GetRequiredValue(run), options, cancellationToken).ConfigureAwait(false);
                await StartVerb.TellAsync(call, forked).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow fork order-7",
            "actorflow workflow fork order-7 --from charge --input '{\"orderId\": 8}' --id order-8");
    }

    private static Command Checkpoint(NodeTalk talk)
    {
        var run = RunWords.Run();
        var name = new Argument<string>("NAME") { Description = "The name of the checkpoint." };
        return talk.Verb(
            "checkpoint",
            "Take a checkpoint of a run.",
            [run, name],
            async (call, cancellationToken) =>
            {
                var (id, taken) = (call.Parsed.GetRequiredValue(run), call.Parsed.GetRequiredValue(name));
                await call.Client.TakeCheckpointAsync(id, taken, cancellationToken: cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, "checkpoint taken", $"{id} has the checkpoint {taken}", ("checkpoint", taken)).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow checkpoint order-7 before-the-change");
    }

    private static Command Purge(NodeTalk talk)
    {
        var run = RunWords.Run();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return talk.Verb(
            "purge",
            "Delete a run that has ended, with its history and checkpoints, for good.",
            [run, yes],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                if (!call.Parsed.GetValue(yes))
                {
                    var description = await call.Client.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
                    await ConfirmAsync(call, description, cancellationToken).ConfigureAwait(false);
                }

                await call.Client.PurgeAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
                await call.SayAsync(id, "purged", $"{id} is purged").ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow purge order-7",
            "actorflow workflow purge order-7 --yes");
    }

    /// <summary>Asks the person at the terminal.</summary>
    /// <exception cref="CommandFailure">Nobody is there, or the answer is not yes.</exception>
    private static async Task ConfirmAsync(NodeCall call, WorkflowDescription run, CancellationToken cancellationToken)
    {
        var what = $"the run {run.Id} ({run.Definition.Name}@{run.Definition.Version}, {RunStatusText.WordOf(run)}) with its history and checkpoints, for good";
        if (!call.Console.CanAsk)
        {
            throw new CommandFailure($"this would delete {what}; do it with: {call.Line("workflow", "purge", run.Id, "--yes")}", ExitCode.Unconfirmed);
        }

        await call.Console.Error.WriteAsync($"Delete {what}? [y/N] ").ConfigureAwait(false);
        if (await call.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } line || line.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new CommandFailure("nothing is deleted", ExitCode.Unconfirmed);
        }
    }
}
