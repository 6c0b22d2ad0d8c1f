using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// Takes the checkpoints of one run when they are due, lets go of those that are too many, and answers who asked for one once it is
/// stored.
/// </summary>
/// <param name="workflowId">The id of the run.</param>
/// <param name="run">The run's actor, which hands back what is addressed to this.</param>
/// <param name="services">What the actors of runs work with.</param>
/// <param name="timers">The run's timers.</param>
/// <param name="log">The run's log.</param>
/// <param name="save">Stores a checkpoint.</param>
/// <param name="delete">Deletes one, by its number.</param>
internal sealed class CheckpointKeeper(
    string workflowId, IActorRef run, WorkflowServices services, RunTimers timers, ILoggingAdapter log, Action<WorkflowCheckpoint> save, Action<long> delete)
{
    private readonly string _persistenceId = PersistenceIds.Of(workflowId);
    private List<IActorRef>? _asking;
    private Dictionary<long, List<IActorRef>>? _askedFor;
    private int _storing;
    private int _pruning;

    /// <summary>Which checkpoints there are.</summary>
    public CheckpointBook Book { get; } = new();

    /// <summary>Whether checkpoints are being stored, listed or deleted: a run that left meanwhile would not hear how that ended.</summary>
    public bool IsBusy => _storing + _pruning > 0;

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <summary>Whoever asked for a checkpoint that was just recorded is told once it is stored.</summary>
    public void TellOnceStored(IActorRef asker) => (_asking ??= []).Add(asker);

    /// <summary>Whoever asks for a checkpoint again, while it is being stored, is told once it is.</summary>
    /// <returns>False: it is not being stored.</returns>
    public bool TryTellOnceStored(string name, IActorRef asker)
    {
        if (Book.Find(name) is { } sequence && _askedFor?.GetValueOrDefault(sequence) is { } asked)
        {
            asked.Add(asker);
            return true;
        }

        return false;
    }

    /// <summary>Only ever between a write and the next decision: the state is what the last row left (failure rule 4).</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="plan">What it runs.</param>
    /// <param name="sequence">The number of the last row.</param>
    /// <param name="namedOnly">Whether one that nobody asked for has to wait.</param>
    public void TakeIfDue(WorkflowState? state, WorkflowPlan? plan, long sequence, bool namedOnly)
    {
        if (state is not WorkflowState.Open open || plan is not { Definition: { } definition })
        {
            Answer(_asking ?? [], null);
            return;
        }

        if (Book.LastAt > Now)
        {
            // The clock was set back: the last one was taken just now, as far as anybody knows.
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

    /// <summary>Takes one now.</summary>
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

    /// <summary>The store has answered.</summary>
    /// <param name="message">What it says.</param>
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

    /// <summary>What former incarnations left behind is found once, when there is something to prune.</summary>
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

/// <summary>The age of a run's last checkpoint asks for another.</summary>
internal sealed record TakeDueCheckpoint : INoSerializationVerificationNeeded
{
    public static readonly TakeDueCheckpoint Instance = new();
}

/// <summary>The store has told which checkpoints of a run it keeps.</summary>
internal sealed record CheckpointsListed(IReadOnlyList<KeptCheckpoint> Kept) : INoSerializationVerificationNeeded;
