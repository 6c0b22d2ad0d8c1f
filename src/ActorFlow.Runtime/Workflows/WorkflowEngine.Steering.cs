using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Sends commands to existing runs.</summary>
/// <remarks>
/// Every method throws <see cref="WorkflowRefusedException"/> if the run refuses, and <see cref="TimeoutException"/> if nothing
/// answers in time: it may then be repeated under the same command id.
/// </remarks>
public sealed partial class WorkflowEngine
{
    /// <summary>Sends a signal, which is kept until a task of the run consumes it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="commandId">The id of this command; a repeat carries the same id. Null means a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SignalAsync(string id, string name, Payload payload, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Signal(id, Named(commandId), name, payload), cancellationToken);

    /// <summary>Answers a question. The first valid answer settles it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="task">The path of the task that asks; the iteration of a loop may be left out.</param>
    /// <param name="value">The answer.</param>
    /// <param name="by">Who answers; null means that this is not given.</param>
    /// <param name="comment">A comment on the answer; null means that there is none.</param>
    /// <param name="commandId">The id of this command; a repeat carries the same id. Null means a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task AnswerAsync(
        string id, string task, Payload value, string? by = null, string? comment = null, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Answer(id, Named(commandId), task, value, by, comment), cancellationToken);

    /// <summary>Pauses the run: nothing new starts until it is resumed; what runs continues.</summary>
    public Task PauseAsync(string id, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Pause(id, Named(commandId)), cancellationToken);

    /// <summary>Ends a pause.</summary>
    public Task ResumeAsync(string id, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Resume(id, Named(commandId)), cancellationToken);

    /// <summary>Opens a run that has ended: a failed run continues from its failed tasks, or any run from a task of its own graph.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The task that runs again, with everything downstream of it; null means that only failed tasks run again.</param>
    /// <param name="commandId">The id of this command; a repeat carries the same id. Null means a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RetryAsync(string id, string? from = null, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        ReopenAsync(new WorkflowCommand.Retry(id, Named(commandId), from), (retry, leftBy) => retry with { LeftBy = leftBy }, cancellationToken);

    /// <summary>Takes a checkpoint under a name; completes once it is stored.</summary>
    public Task TakeCheckpointAsync(string id, string name, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.TakeCheckpoint(id, Named(commandId), name), cancellationToken);

    /// <summary>Lists the checkpoints that are kept, newest first.</summary>
    public async Task<ImmutableArray<ListedCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellationToken = default) =>
        (await AskForAsync<WorkflowReply.Checkpoints>(new WorkflowQuery.GetCheckpoints(id), AnswerTimeout, cancellationToken).ConfigureAwait(false)).All;

    /// <summary>Takes the run back to a checkpoint: first everything under way is cancelled and settles. Completes once the command is recorded.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number.</param>
    /// <param name="commandId">The id of this command; a repeat carries the same id. Null means a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RewindAsync(string id, string checkpoint, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        ReopenAsync(new RewindTo(id, Named(commandId), checkpoint), (rewind, leftBy) => rewind with { LeftBy = leftBy }, cancellationToken);

    /// <summary>Starts a new run from a checkpoint of another, which does not change.</summary>
    /// <param name="id">The id of the run that is forked.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number.</param>
    /// <param name="newId">The id of the new run; null means a generated one.</param>
    /// <param name="input">The input of the new run, for expressions that are evaluated from then on; null means that of the old one.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have started nevertheless.</param>
    /// <returns>The id of the new run.</returns>
    public async Task<string> ForkAsync(
        string id, string checkpoint, string? newId = null, Payload? input = null, CancellationToken cancellationToken = default)
    {
        if (newId is not null)
        {
            CheckId(newId);
        }

        CheckStore();
        var place = await PlaceOfAsync(id, checkpoint, cancellationToken).ConfigureAwait(false);
        var forked = newId ?? Guid.CreateVersion7().ToString("n");
        var fork = new ForkFrom(
            forked,
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            place.Definition,
            input ?? place.Input!,
            new(id, place.RunId, place.Sequence));
        await AskAsync(fork, cancellationToken).ConfigureAwait(false);
        return forked;
    }

    /// <summary>Opens a run again. A child does not know whether its parent has recorded its end: if it refuses, this is looked up.</summary>
    private async Task ReopenAsync<TCommand>(TCommand command, Func<TCommand, AttemptId, TCommand> leftBy, CancellationToken cancellationToken)
        where TCommand : IWorkflowMessage
    {
        try
        {
            await AskAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "consumed")
        {
            if (await WhoLeftAsync(command.WorkflowId, cancellationToken).ConfigureAwait(false) is not { } attempt)
            {
                throw;
            }

            await AskAsync(leftBy(command, attempt), cancellationToken).ConfigureAwait(false);
        }
    }

    private static Guid Named(Guid? commandId) => commandId ?? Guid.CreateVersion7();
}
