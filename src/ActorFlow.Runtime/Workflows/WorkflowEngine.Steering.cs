using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Workflows;

/// <summary>What is done to runs that are under way, and what they are asked.</summary>
/// <remarks>
/// Every method throws <see cref="WorkflowRefusedException"/> where the run refuses, and <see cref="TimeoutException"/> where nothing
/// answers in time: a repeat under the same command id then does no harm.
/// </remarks>
public sealed partial class WorkflowEngine
{
    /// <summary>Sends a signal: kept until a task of the run consumes it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="commandId">Names this signal; a repeat carries the same. None: a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SignalAsync(string id, string name, Payload payload, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Signal(id, Named(commandId), name, payload), cancellationToken);

    /// <summary>Answers a question. The first valid answer settles it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="task">The path of the task that asks; the iteration of a loop may be left out.</param>
    /// <param name="value">The answer.</param>
    /// <param name="by">Who answers.</param>
    /// <param name="comment">What they say with it.</param>
    /// <param name="commandId">Names this answer; a repeat carries the same. None: a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task AnswerAsync(
        string id, string task, Payload value, string? by = null, string? comment = null, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Answer(id, Named(commandId), task, value, by, comment), cancellationToken);

    /// <summary>Starts nothing new in the run until it is resumed; what runs goes on.</summary>
    public Task PauseAsync(string id, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Pause(id, Named(commandId)), cancellationToken);

    /// <summary>Ends a pause.</summary>
    public Task ResumeAsync(string id, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Resume(id, Named(commandId)), cancellationToken);

    /// <summary>Opens a run that has ended: a failed one goes on from its failed tasks, or any from a task of its own graph on.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">That task and everything downstream of it run again; none: only what failed.</param>
    /// <param name="commandId">Names this command; a repeat carries the same. None: a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RetryAsync(string id, string? from = null, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        ReopenAsync(new WorkflowCommand.Retry(id, Named(commandId), from), (retry, leftBy) => retry with { LeftBy = leftBy }, cancellationToken);

    /// <summary>Takes a checkpoint under a name; done once it is stored.</summary>
    public Task TakeCheckpointAsync(string id, string name, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.TakeCheckpoint(id, Named(commandId), name), cancellationToken);

    /// <summary>The checkpoints that are kept, newest first.</summary>
    public async Task<ImmutableArray<ListedCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellationToken = default) =>
        (await AskForAsync<WorkflowReply.Checkpoints>(new WorkflowQuery.GetCheckpoints(id), AnswerTimeout, cancellationToken).ConfigureAwait(false)).All;

    /// <summary>Takes the run back to a checkpoint: everything under way is stopped and settles first. Done once that is decided.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number.</param>
    /// <param name="commandId">Names this command; a repeat carries the same. None: a new one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RewindAsync(string id, string checkpoint, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        ReopenAsync(new RewindTo(id, Named(commandId), checkpoint), (rewind, leftBy) => rewind with { LeftBy = leftBy }, cancellationToken);

    /// <summary>Starts a new run that goes on from a checkpoint of another, which is left as it is.</summary>
    /// <param name="id">The id of the run that is forked.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number.</param>
    /// <param name="newId">The id of the new run; none: one is made up.</param>
    /// <param name="input">The input of the new run, seen by what is evaluated from then on; none: that of the old one.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have started all the same.</param>
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

    /// <summary>A child does not know whether its parent has heard how it ended: that is looked up where it refuses.</summary>
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
