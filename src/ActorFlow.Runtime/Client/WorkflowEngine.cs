using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Client;

/// <summary>Speaks to runs through their region, from within the process of a node, in the engine's own types.</summary>
/// <remarks>Every request is repeated until it is answered, a command under its id: see <see cref="RegionRequests"/>.</remarks>
internal sealed class WorkflowEngine
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMinutes(1);

    private readonly IRequiredActor<WorkflowRegion> _region;
    private readonly PlanCache _plans;
    private readonly PersistenceStore _store;
    private readonly RegionRequests _requests;

    /// <summary>Made by the host.</summary>
    internal WorkflowEngine(IRequiredActor<WorkflowRegion> region, PlanCache plans, PersistenceStore store, RegionRequests requests)
    {
        _region = region;
        _plans = plans;
        _store = store;
        _requests = requests;
    }

    /// <summary>Stores a definition durably without registering it, so that runs of it can be started. Storing the same content again changes nothing.</summary>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    public Task<DefinitionReference> KeepAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default) =>
        _plans.KeepAsync(definition, cancellationToken);

    /// <summary>Starts a run under a generated id.</summary>
    /// <param name="definition">The definition to run; it must have been registered.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have started nevertheless.</param>
    /// <returns>The id of the run, durably started.</returns>
    /// <exception cref="WorkflowRefusedException">The start was refused.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public async Task<string> StartAsync(DefinitionReference definition, Payload input, CancellationToken cancellationToken = default)
    {
        var start = new WorkflowStart(Guid.CreateVersion7().ToString("n"), definition, input) { IsFresh = true };
        await StartAsync(start, cancellationToken).ConfigureAwait(false);
        return start.Id;
    }

    /// <summary>
    /// Starts a run under an id that the caller chose. A repeat with the same definition and input returns for the existing run.
    /// </summary>
    /// <inheritdoc cref="StartAsync(DefinitionReference, Payload, CancellationToken)"/>
    public Task StartAsync(string id, DefinitionReference definition, Payload input, CancellationToken cancellationToken = default) =>
        StartAsync(new WorkflowStart(id, definition, input), cancellationToken);

    /// <summary>Starts a run with all its options. A repeat with the same definition and input returns for the existing run.</summary>
    /// <inheritdoc cref="StartAsync(DefinitionReference, Payload, CancellationToken)"/>
    public async Task<StartedWorkflow> StartAsync(WorkflowStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        CheckId(start.Id);
        CheckTags(start.Tags.Keys);
        CheckStore();
        var span = StartSpan.Begin(start.Id, start.Definition);
        var command = new WorkflowCommand.Start(
            start.Id, start.CommandId ?? Guid.CreateVersion7(), Guid.CreateVersion7(), start.Definition, start.Input)
        {
            AnyVersion = start.AnyVersion,
            Companions = start.Companions,
            Directory = start.Directory,
            Tags = start.Tags,
            StartAt = start.StartAt,
            Trace = span.Trace,
        };
        if (start.IsFresh)
        {
            _store.FreshIds.Mark(PersistenceIds.Of(start.Id), command.CommandId.ToString("n"));
        }

        var reply = await span.EndAsync(AskAsync(command, cancellationToken)).ConfigureAwait(false);
        return await StartedAsync(reply, command.RunId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the run has ended, however long that takes and wherever it moves meanwhile. The run stays in memory for that.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run.</exception>
    public async Task<WorkflowReply.Ended> EndOfAsync(string id, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (await TryEndOfAsync(id, WatchInterval, cancellationToken).ConfigureAwait(false) is { } end)
            {
                return end;
            }
        }
    }

    /// <summary>Waits until the run has ended, at most for some time; null means that it has not. The run stays in memory for that.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run.</exception>
    public async Task<WorkflowReply.Ended?> TryEndOfAsync(string id, TimeSpan atMost, CancellationToken cancellationToken = default)
    {
        try
        {
            return await AskForAsync<WorkflowReply.Ended>(new WorkflowQuery.AwaitEnd(id), atMost, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // The run is still open, or has moved meanwhile.
            CheckReadable(id);
            return null;
        }
    }

    /// <summary>The status of the run: <see cref="WorkflowReply.Status"/> or <see cref="WorkflowReply.Ended"/>.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task<WorkflowReply> StatusOfAsync(string id, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowQuery.GetStatus(id), cancellationToken);

    /// <summary>Cancels the run in good order.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has ended.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task CancelAsync(string id, string reason, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Cancel(id, Named(commandId), reason), cancellationToken);

    /// <summary>Ends the run at once.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has ended.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task TerminateAsync(string id, string reason, Guid? commandId = null, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Terminate(id, Named(commandId), reason), cancellationToken);

    private static void CheckId(string id)
    {
        if (!Identifiers.IsRunId(id))
        {
            throw WorkflowRefusedException.Of("bad-id", $"The id of a run has 1 to {Limits.IdLength} of the characters A-Z a-z 0-9 . _ ~ -, and is not . or ..");
        }
    }

    /// <summary>Refuses tags that lists could not be asked for.</summary>
    internal static void CheckTags(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            if (!RunTags.IsKey(key))
            {
                throw WorkflowRefusedException.Of("invalid-request", $"The key of a tag has 1 to 100 of the characters A-Z a-z 0-9 . _ -, and '{OneLine.Of(key)}' is none.");
            }
        }
    }

    /// <summary>Refuses a start while the store cannot write: the start would wait for a write that may never succeed.</summary>
    private void CheckStore()
    {
        if (_store.WriteFailure is { } trouble)
        {
            throw WorkflowRefusedException.Of("unavailable", $"The store cannot write, and keeps trying: {trouble}");
        }
    }

    /// <summary>Refuses a request to a run that cannot be recovered: it would never answer.</summary>
    private void CheckReadable(string id)
    {
        if (_store.Stuck.ReasonOf(id) is { } reason)
        {
            throw WorkflowRefusedException.Of("unreadable", $"The run '{id}' cannot be read back from the store: {reason}");
        }
    }

    private async Task<WorkflowReply> AskAsync(IWorkflowMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await AskForAsync<WorkflowReply>(message, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            CheckReadable(message.WorkflowId);
            throw new TimeoutException($"The run '{message.WorkflowId}' did not answer within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<TReply> AskForAsync<TReply>(IWorkflowMessage message, TimeSpan timeout, CancellationToken cancellationToken)
        where TReply : WorkflowReply
    {
        if (CommandTexts.Refuse(message) is { } notText)
        {
            throw WorkflowRefusedException.Of(notText.Code, notText.Reason);
        }

        if (message.WorkflowId.Length == 0)
        {
            // The region has no actor for it, and would never answer.
            throw WorkflowRefusedException.Of("workflow-not-found", "There is no workflow run ''.");
        }

        var region = await _region.GetAsync(cancellationToken).ConfigureAwait(false);
        return await _requests.AskAsync<WorkflowReply>(region, message, timeout, cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Refused refused => throw WorkflowRefusedException.Of(refused.Code, refused.Reason),
            TReply reply => reply,
            var other => throw new InvalidOperationException($"The run '{message.WorkflowId}' answered {other.GetType().Name}."),
        };
    }

    // Reads the present and past states of runs

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">Its name, or its number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowReply.Checkpoint> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetCheckpoint(id, checkpoint), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Checkpoint kept => kept,
            WorkflowReply.ReadFromStore place => new(id, place.Sequence, await ReadImageAsync(place, cancellationToken).ConfigureAwait(false)),
            var other => throw Unexpected(other),
        };

    /// <summary>Reads everything that the run holds.</summary>
    public async Task<WorkflowReply.Details> DetailsAsync(string id, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetDetails(id), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Details details => details,
            WorkflowReply.ReadFromStore place => new(
                id, await ReadImageAsync(place, cancellationToken).ConfigureAwait(false), place.Outcome, place.CheckpointFailure),
            var other => throw Unexpected(other),
        };

    /// <summary>Reads the run's journal, in order, a page at a time: the next page begins after the last row of this one.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The number of the first row, from 1.</param>
    /// <param name="max">The most rows, 1 to 1,000. A page holds fewer if they exceed 2 MB, but at least one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowReply.History> HistoryAsync(string id, long from = 1, int max = 1_000, CancellationToken cancellationToken = default) =>
        await AskToReadAsync(new WorkflowQuery.GetHistory(id, from, max), cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.History history => history,
            WorkflowReply.ReadFromStore place => new(
                id,
                await ReadAsync(place, journal => JournalPage.ReadAsync(journal, PersistenceIds.Of(id), from, place.Sequence, max), cancellationToken).ConfigureAwait(false),
                place.Sequence),
            var other => throw Unexpected(other),
        };

    /// <summary>The attempt that requested the run as its child and left it; null means that the parent knows or will learn how it ended.</summary>
    private async Task<AttemptId?> WhoLeftAsync(string id, CancellationToken cancellationToken)
    {
        if ((await DetailsAsync(id, cancellationToken).ConfigureAwait(false)).Image.Parent is not { } link)
        {
            return null;
        }

        try
        {
            return await HasLeftAsync(link, cancellationToken).ConfigureAwait(false) ? link.Attempt : null;
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            // The parent was purged: no state of it can conflict with its child.
            return link.Attempt;
        }
    }

    /// <summary>Whether the parent left its child. Only its journal tells: the content of a settled group is no longer in its state.</summary>
    private async Task<bool> HasLeftAsync(ParentLink link, CancellationToken cancellationToken)
    {
        var parent = (await DetailsAsync(link.WorkflowId, cancellationToken).ConfigureAwait(false)).Image;
        if (parent.RunId != link.Attempt.RunId)
        {
            return true;
        }

        var plan = await _plans.RequireAsync(parent.Definition, cancellationToken).ConfigureAwait(false);
        var children = new AbandonedChildren();
        WorkflowState? state = null;
        for (long next = 1; ;)
        {
            var page = await HistoryAsync(link.WorkflowId, next, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var commit in page.Rows.SelectMany(row => row.Commits))
            {
                // A journal may hold earlier runs of that id, of other definitions.
                state = commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault() is { } started
                    ? started.RunId == parent.RunId ? WorkflowState.Initial(plan) : null
                    : state;
                state = state is null ? null : WorkflowDecider.Evolve(state, commit, children);
            }

            if (page.Rows.IsEmpty || page.Rows[^1].Sequence >= page.Last)
            {
                return state is not null && children.HasLeft(state, link.Attempt);
            }

            next = page.Rows[^1].Sequence + 1;
        }
    }

    /// <summary>The place of a checkpoint in the store, and the input of its run.</summary>
    private async Task<WorkflowReply.ReadFromStore> PlaceOfAsync(string id, string checkpoint, CancellationToken cancellationToken) =>
        await AskAsync(new WorkflowQuery.GetCheckpoint(id, checkpoint) { PlaceOnly = true }, cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.ReadFromStore { Input: not null } place => place,
            // A node of an earlier release sends the whole checkpoint.
            WorkflowReply.Checkpoint { Image: var image } kept =>
                new(id, image.RunId, kept.Sequence, image.Definition) { Input = image.Input },
            var other => throw Unexpected(other),
        };

    private async Task<RunImage> ReadImageAsync(WorkflowReply.ReadFromStore place, CancellationToken cancellationToken)
    {
        var plan = await _plans.RequireAsync(place.Definition, cancellationToken).ConfigureAwait(false);
        var image = await ReadAsync(
            place,
            journal => PastState.ReadAsync(journal, _store.Checkpoints, plan, PersistenceIds.Of(place.WorkflowId), place.Sequence, closedToo: true),
            cancellationToken).ConfigureAwait(false);
        return image?.RunId == place.RunId
            ? image
            : throw WorkflowRefusedException.Of("workflow-not-found", $"The workflow run '{place.WorkflowId}' is not in the store any more.");
    }

    private async Task<TRead> ReadAsync<TRead>(WorkflowReply.ReadFromStore place, Func<IRunJournal, Task<TRead>> read, CancellationToken cancellationToken)
    {
        _store.ThrowIfAbsent();
        var region = (ActorRefWithCell)await _region.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await read(new PluginJournal(region.Underlying.System)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw WorkflowRefusedException.Of("unavailable", $"The workflow run '{place.WorkflowId}' cannot be read from the store: {error.GetBaseException().Message}");
        }
    }

    private Task<WorkflowReply> AskToReadAsync(WorkflowQuery query, CancellationToken cancellationToken) =>
        AskForAsync<WorkflowReply>(query, AnswerTimeout, cancellationToken);

    private static InvalidOperationException Unexpected(WorkflowReply reply) =>
        new($"The run '{reply.WorkflowId}' answered {reply.GetType().Name}.");

    // Sends commands to existing runs

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
        AnswerAsync(id, task, value, new() { By = by, Comment = comment }, commandId, cancellationToken);

    /// <summary>Answers a question, with all that an answer may say.</summary>
    public Task AnswerAsync(
        string id, string task, Payload value, AnswerOptions options, Guid? commandId, CancellationToken cancellationToken) =>
        AskAsync(
            new WorkflowCommand.Answer(id, Named(commandId), task, value, options.By, options.Comment) { ClaimedBy = options.ClaimedBy },
            cancellationToken);

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
    public async Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(string id, CancellationToken cancellationToken = default) =>
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
    /// <param name="commandId">The id of this command; a repeat carries the same id. Null means a new one.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have started nevertheless.</param>
    /// <returns>The id of the new run.</returns>
    public async Task<string> ForkAsync(
        string id, string checkpoint, string? newId = null, Payload? input = null, Guid? commandId = null, CancellationToken cancellationToken = default)
    {
        newId ??= Guid.CreateVersion7().ToString("n");
        await ForkAsync(id, checkpoint, newId, input, Named(commandId), cancellationToken).ConfigureAwait(false);
        return newId;
    }

    /// <summary>Starts a new run from a checkpoint of another, and tells what that led to.</summary>
    /// <inheritdoc cref="ForkAsync(string, string, string, Payload, Guid?, CancellationToken)"/>
    public async Task<StartedWorkflow> ForkAsync(
        string id, string checkpoint, string newId, Payload? input, Guid commandId, CancellationToken cancellationToken)
    {
        CheckId(newId);
        CheckStore();
        var place = await PlaceOfAsync(id, checkpoint, cancellationToken).ConfigureAwait(false);
        var span = StartSpan.Begin(newId, place.Definition);
        var fork = new ForkFrom(
            newId,
            commandId,
            Guid.CreateVersion7(),
            place.Definition,
            input ?? place.Input!,
            new(id, place.RunId, place.Sequence))
        {
            Trace = span.Trace,
        };
        var reply = await span.EndAsync(AskAsync(fork, cancellationToken)).ConfigureAwait(false);
        return await StartedAsync(reply, fork.RunId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds what a fork of that command id led to before, without its source: the checkpoint may be gone since, or another be the newest.
    /// </summary>
    /// <returns>What it led to; null means that no such fork was accepted.</returns>
    /// <exception cref="WorkflowRefusedException">The id was that of a command of other content.</exception>
    public async Task<StartedWorkflow?> FindForkAsync(string id, ForkOptions options, string newId, Guid commandId, CancellationToken cancellationToken)
    {
        CheckId(newId);
        RunImage image;
        try
        {
            image = (await DetailsAsync(newId, cancellationToken).ConfigureAwait(false)).Image;
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            return null;
        }

        if (image.Commands.All(command => command.Id != commandId))
        {
            return null;
        }

        // A name may be that of another checkpoint by now: it is not compared.
        var isSame = image.Origin is { } origin && origin.WorkflowId == id
            && (options.From is not ['#', .. var number] || number == origin.Sequence.ToString(CultureInfo.InvariantCulture))
            && (options.Input is null || JsonEquality.AreSame(options.Input, image.Input));
        if (!isSame)
        {
            var conflict = CommandContent.Conflict(commandId);
            throw WorkflowRefusedException.Of(conflict.Code, conflict.Reason);
        }

        return new(image.RunId, image.Definition.Name, image.Definition.Version, Created: false);
    }

    /// <summary>What a start or fork led to. A node of an earlier version does not say it; then the run is asked.</summary>
    private async Task<StartedWorkflow> StartedAsync(WorkflowReply reply, Guid proposed, CancellationToken cancellationToken)
    {
        if (reply is WorkflowReply.Accepted { Started: { } started })
        {
            return started;
        }

        var image = (await DetailsAsync(reply.WorkflowId, cancellationToken).ConfigureAwait(false)).Image;
        return new(image.RunId, image.Definition.Name, image.Definition.Version, image.RunId == proposed);
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
