using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// Takes the checkpoints of one run when they are due, deletes those that are no longer kept, and answers the sender of a request once its checkpoint is
/// stored.
/// </summary>
/// <param name="workflowId">The id of the run.</param>
/// <param name="run">The run's actor, which passes on the replies of the store.</param>
/// <param name="services">The services of the runs' actors.</param>
/// <param name="timers">The run's timers.</param>
/// <param name="log">The run's log.</param>
/// <param name="save">Stores a checkpoint.</param>
/// <param name="delete">Deletes a checkpoint, by its number.</param>
internal sealed class CheckpointKeeper(
    string workflowId, IActorRef run, WorkflowServices services, RunTimers timers, ILoggingAdapter log, Action<WorkflowCheckpoint> save, Action<long> delete)
{
    private readonly string _persistenceId = PersistenceIds.Of(workflowId);
    private List<IActorRef>? _asking;
    private Dictionary<long, List<IActorRef>>? _askedFor;
    private int _storing;
    private int _pruning;

    /// <summary>The checkpoints of the run.</summary>
    public CheckpointBook Book { get; } = new();

    /// <summary>Whether checkpoints are being stored, listed or deleted: a run that left memory meanwhile would not receive the result.</summary>
    public bool IsBusy => _storing + _pruning > 0;

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <summary>Answers the sender of a checkpoint request that was just recorded once the checkpoint is stored.</summary>
    public void TellOnceStored(IActorRef asker) => (_asking ??= []).Add(asker);

    /// <summary>Answers a repeated checkpoint request once the checkpoint is stored, if it is being stored.</summary>
    /// <returns>False means that it is not being stored.</returns>
    public bool TryTellOnceStored(string name, IActorRef asker)
    {
        if (Book.Find(name) is { } sequence && _askedFor?.GetValueOrDefault(sequence) is { } asked)
        {
            asked.Add(asker);
            return true;
        }

        return false;
    }

    /// <summary>Takes a checkpoint if one is due. To be called only between a write and the next decision, when the state is that of the last row (failure rule 4).</summary>
    /// <param name="state">The state of the run.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="sequence">The number of the last row.</param>
    /// <param name="namedOnly">Whether only a requested checkpoint may be taken.</param>
    public void TakeIfDue(WorkflowState? state, WorkflowPlan? plan, long sequence, bool namedOnly)
    {
        if (state is not WorkflowState.Open open || plan is not { Definition: { } definition })
        {
            Answer(_asking ?? [], null);
            return;
        }

        if (Book.LastAt > Now)
        {
            // The clock was set back: count the age of the last checkpoint from now.
            Book.LastAt = Now;
        }

        if (Book.IsDue(sequence, open, definition, Now, namedOnly))
        {
            Take(open, sequence);
        }
        else if (!namedOnly && definition.CheckpointInterval is { } interval && Book.EventsSince > 0 && !timers.IsSet(RunTimer.Checkpoint))
        {
            timers.Set(RunTimer.Checkpoint, TakeDueCheckpoint.Instance, Book.LastAt + interval - Now);
        }
    }

    /// <summary>Takes a checkpoint now.</summary>
    public void Take(WorkflowState.Open open, long sequence)
    {
        timers.Cancel(RunTimer.Checkpoint);
        _storing++;
        if (_asking is { Count: > 0 } asked)
        {
            (_askedFor ??= [])[sequence] = [.. asked];
            asked.Clear();
        }

        save(Book.Take(sequence, open.ToImage(), Now));
    }

    /// <summary>Handles a reply of the store.</summary>
    /// <param name="message">The reply.</param>
    /// <param name="keep">How many checkpoints that have no name are kept.</param>
    public void On(object message, int keep)
    {
        switch (message)
        {
            case SaveSnapshotSuccess success:
                _storing--;
                services.WithoutCheckpoints.TryRemove(_persistenceId, out _);
                AnswerFor(success.Metadata.SequenceNr, null);
                Prune(Book.Stored(success.Metadata.SequenceNr, keep));
                ListOnce();
                break;
            case SaveSnapshotFailure failure:
                _storing--;
                var reason = failure.Cause.GetBaseException().Message;
                log.Warning(
                    failure.Cause, "The checkpoint {0} of the run {1} could not be stored; the run goes on from its events.", failure.Metadata.SequenceNr, workflowId);
                Book.Failed(reason);
                AnswerFor(failure.Metadata.SequenceNr, reason);
                break;
            case CheckpointsListed listed:
                _pruning--;
                Prune(Book.Listed(listed.Kept, keep));
                break;
            case DeleteSnapshotSuccess or DeleteSnapshotFailure:
                _pruning--;
                break;
            default:
                break;
        }
    }

    private void AnswerFor(long sequence, string? failure)
    {
        if (_askedFor is not null && _askedFor.Remove(sequence, out var asked))
        {
            Answer(asked, failure);
        }
    }

    private void Answer(List<IActorRef> asked, string? failure)
    {
        foreach (var one in asked)
        {
            one.Tell(failure is null
                ? new WorkflowReply.Accepted(workflowId)
                : new WorkflowReply.Refused(workflowId, "unavailable", $"The checkpoint is recorded, but could not be stored: {failure}"));
        }

        asked.Clear();
    }

    /// <summary>Lists the checkpoints of earlier incarnations once, when there is something to prune.</summary>
    private void ListOnce()
    {
        if (!Book.IsListed && services.Checkpoints is { } catalog)
        {
            _pruning++;
            catalog.ListAsync(_persistenceId).PipeTo(run, success: kept => new CheckpointsListed(kept), failure: _ => new CheckpointsListed([]));
        }
    }

    private void Prune(List<long> old)
    {
        foreach (var sequence in old)
        {
            _pruning++;
            delete(sequence);
        }
    }
}

/// <summary>A checkpoint of a run is due by the age of the last one.</summary>
internal sealed record TakeDueCheckpoint : INoSerializationVerificationNeeded
{
    public static readonly TakeDueCheckpoint Instance = new();
}

/// <summary>The checkpoints of a run that the store keeps.</summary>
internal sealed record CheckpointsListed(IReadOnlyList<KeptCheckpoint> Kept) : INoSerializationVerificationNeeded;
