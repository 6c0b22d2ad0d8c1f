using System.Runtime.CompilerServices;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary>The commands that change runs, from <c>workflow signal</c> to <c>purge</c>.</summary>
internal static class WorkflowSteering
{
    private static readonly AdminArgument SignalName = new("NAME", AdminKind.Signal, "The signal's name.");
    private static readonly AdminArgument Payload = new("--payload", AdminKind.Json, "What it says: JSON, @file, or - for standard input (null).");
    private static readonly AdminArgument Asking = new("TASK", AdminKind.Question, "The path of the task that asks; the iteration of a loop may be left out.");
    private static readonly AdminArgument Value = new("VALUE", AdminKind.Text, "yes or no; an option or its number; 1 to 5; text.");
    private static readonly AdminArgument Comment = new("--comment", AdminKind.Text, "What you say with it.");
    private static readonly AdminArgument Reason = new("--reason", AdminKind.Text, "Why, for those who look at the run later.");
    private static readonly AdminArgument FromTask = new("--from", AdminKind.Task, "The task: it and everything downstream of it run again (what failed).");
    private static readonly AdminArgument To = new("--to", AdminKind.Checkpoint, "The checkpoint.") { IsRequired = true };
    private static readonly AdminArgument CheckpointName = new("NAME", AdminKind.Text, "The name of the checkpoint.");

    /// <summary>The commands.</summary>
    public static IEnumerable<AdminCommand> Commands =>
    [
        Of("signal", "Send a signal to a run.", SignalAsync, [SignalName, Payload], "order-7 paid", "order-7 paid --payload '{\"amount\": 12}'"),
        Of("answer", "Answer what a run asks.", AnswerAsync, [Asking, Value, Comment], "order-7 approve yes", "order-7 size large --comment 'it is a gift'"),
        Of("pause", "Pause a run: nothing new begins until it is resumed; what runs continues.", PauseAsync, [], "order-7"),
        Of("resume", "End the pause of a run.", ResumeAsync, [], "order-7"),
        Of(
            "cancel", "Cancel a run: its attempts are told to stop, and what it has done is undone where its definition says how.", CancelAsync,
            [Reason], "order-7", "order-7 --reason 'ordered twice'"),
        Of("terminate", "End a run at once, without undoing anything.", TerminateAsync, [Reason], "order-7", "order-7 --reason 'ordered twice'"),
        Of("retry", "Open a run that has ended: from what failed, or from a task on.", RetryAsync, [FromTask], "order-7", "order-7 --from charge"),
        Of("rewind", "Take a run back to a checkpoint, from where it goes on.", RewindAsync, [To], "order-7 --to charge", "order-7 --to '#12'"),
        Of("checkpoint", "Take a checkpoint of a run.", CheckpointAsync, [CheckpointName], "order-7 before-the-change"),
        Of("purge", "Delete a run that has ended, with its history and checkpoints, for good.", PurgeAsync, [], "order-7", "order-7 --yes") with
        {
            Needs = ApiRole.Admin,
            Danger = async (call, cancellationToken) =>
            {
                var run = await call.Client.DescribeAsync(call.Required(RunArguments.Run), cancellationToken).ConfigureAwait(false);
                return $"delete the run {run.Id} ({run.Definition.Name}@{run.Definition.Version}, {run.Status.ToWord()}) with its history and checkpoints, for good";
            },
        },
    ];

    /// <summary>A command about a run that does one thing.</summary>
    private static AdminCommand Of(
        string verb, string description, Func<AdminCall, string, CancellationToken, Task<AdminAnswer.Done>> work, AdminArgument[] arguments, params string[] examples) =>
        new("workflow", verb, description, ApiRole.Operator, (call, cancellationToken) => OneAsync(call, work, cancellationToken))
        {
            Arguments = [RunArguments.Run, .. arguments],
            Examples = [.. examples],
        };

    private static async IAsyncEnumerable<AdminAnswer> OneAsync(
        AdminCall call, Func<AdminCall, string, CancellationToken, Task<AdminAnswer.Done>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await work(call, call.Required(RunArguments.Run), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<AdminAnswer.Done> SignalAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        var name = call.Required(SignalName);
        var payload = await call.JsonAsync(Payload, cancellationToken).ConfigureAwait(false);
        await call.Client.SignalAsync(id, name, payload, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "signalled", $"{id} has the signal {name}") { With = ("signal", name) };
    }

    private static async Task<AdminAnswer.Done> AnswerAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        var path = call.Required(Asking);
        var question = await OpenQuestions.FindAsync(call.Client, id, path, cancellationToken).ConfigureAwait(false);
        var options = new AnswerOptions { ClaimedBy = call.Host.User, Comment = call.Text(Comment) };
        await call.Client.AnswerAsync(id, path, OpenQuestions.Read(question, path, call.Required(Value)), options, cancellationToken: cancellationToken).ConfigureAwait(false);
        var task = question?.Task ?? path;
        return new(id, "answered", $"{task} of {id} is answered") { With = ("task", task) };
    }

    private static async Task<AdminAnswer.Done> PauseAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.PauseAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "paused", $"{id} is paused");
    }

    private static async Task<AdminAnswer.Done> ResumeAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.ResumeAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "resumed", $"{id} is resumed");
    }

    private static async Task<AdminAnswer.Done> CancelAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.CancelAsync(id, ReasonOf(call, "cancelled"), cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "told to cancel", $"{id} is told to cancel");
    }

    private static async Task<AdminAnswer.Done> TerminateAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.TerminateAsync(id, ReasonOf(call, "terminated"), cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "terminated", $"{id} is terminated");
    }

    private static async Task<AdminAnswer.Done> RetryAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.RetryAsync(id, call.Text(FromTask), cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "opened again", $"{id} is opened again");
    }

    private static async Task<AdminAnswer.Done> RewindAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        var checkpoint = call.Required(To);
        await call.Client.RewindAsync(id, checkpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "taken back", $"{id} is taken back to {checkpoint}") { With = ("checkpoint", checkpoint) };
    }

    private static async Task<AdminAnswer.Done> CheckpointAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        var name = call.Required(CheckpointName);
        await call.Client.TakeCheckpointAsync(id, name, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "checkpoint taken", $"{id} has the checkpoint {name}") { With = ("checkpoint", name) };
    }

    private static async Task<AdminAnswer.Done> PurgeAsync(AdminCall call, string id, CancellationToken cancellationToken)
    {
        await call.Client.PurgeAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(id, "purged", $"{id} is purged");
    }

    private static string ReasonOf(AdminCall call, string what) => call.Text(Reason) ?? $"{what} by {call.Host.User}";
}
