using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Taking checkpoints, and looking at what was.</summary>
public sealed partial class WorkflowActor
{

    private List<IActorRef>? _awaitingCheckpoint;
    private Dictionary<long, List<IActorRef>>? _askedFor;
    private int _storing;
    private int _pruning;
    private int _readingPast;

    /// <summary>Whether checkpoints are being stored, listed or deleted: a run that left meanwhile would not hear how it ended.</summary>
    private bool TendsCheckpoints => _storing + _pruning > 0;

    /// <summary>Only ever between a write and the next decision: the state is what the last row left (failure rule 4).</summary>
    private void TakeCheckpointIfDue()
    {
        if (_busy)
        {
            // It is looked at again once what is being written is there.
            return;
        }

        if (_state is not WorkflowState.Open open || _plan is not { Definition: { } definition })
        {
            Answer(_awaitingCheckpoint ?? [], null);
            return;
        }

        if (_checkpoints.LastAt > Now)
        {
            // The clock was set back: the last one was taken just now, as far as anybody knows.
            _checkpoints.LastAt = Now;
        }

        // Only the rows tell of a child that was left before it began: a checkpoint nobody asked for can wait for that.
        var namedOnly = _children.HasUnbegun;
        if (_checkpoints.IsDue(LastSequenceNr, open, definition, Now, namedOnly))
        {
            TakeCheckpoint(open);
        }
        else if (!namedOnly && definition.CheckpointInterval is { } interval && _checkpoints.EventsSince > 0 && !_timers.IsSet(RunTimer.Checkpoint))
        {
            var wait = _checkpoints.LastAt + interval - Now;
            _timers.Set(RunTimer.Checkpoint, TakeDueCheckpoint.Instance, wait < ShortestTimer ? ShortestTimer : wait);
        }
    }

    private void TakeCheckpoint(WorkflowState.Open open)
    {
        _timers.Cancel(RunTimer.Checkpoint);
        _storing++;
        if (_awaitingCheckpoint is { Count: > 0 } asked)
        {
            (_askedFor ??= [])[LastSequenceNr] = [.. asked];
            asked.Clear();
        }

        SaveSnapshot(_checkpoints.Take(LastSequenceNr, open.ToImage(), Now));
    }

    private void OnCheckpoint(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess success:
                _storing--;
                _services.WithoutCheckpoints.TryRemove(PersistenceId, out _);
                AnswerFor(success.Metadata.SequenceNr, null);
                Prune(_checkpoints.Stored(success.Metadata.SequenceNr, Keep));
                ListOnce();
                break;
            case SaveSnapshotFailure failure:
                _storing--;
                var reason = failure.Cause.GetBaseException().Message;
                Log.Warning(failure.Cause, "The checkpoint {0} of the run {1} could not be stored; the run goes on from its events.", failure.Metadata.SequenceNr, _id);
                _checkpoints.Failed(reason);
                AnswerFor(failure.Metadata.SequenceNr, reason);
                break;
            case CheckpointsListed listed:
                _pruning--;
                Prune(_checkpoints.Listed(listed.Kept, Keep));
                break;
        }

        LeaveIfDone();
    }

    private int Keep => _plan!.Definition.CheckpointKeep;

    /// <summary>Those who wait until the checkpoint of that name is stored; none: it is not being stored.</summary>
    private List<IActorRef>? StoringAs(string name) =>
        _checkpoints.Find(name) is { } sequence ? _askedFor?.GetValueOrDefault(sequence) : null;

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
                ? new WorkflowReply.Accepted(_id)
                : new WorkflowReply.Refused(_id, "unavailable", $"The checkpoint is recorded, but could not be stored: {failure}"));
        }

        asked.Clear();
    }

    /// <summary>What former incarnations left behind is found once, when there is something to prune.</summary>
    private void ListOnce()
    {
        if (!_checkpoints.IsListed && _services.Checkpoints is { } catalog)
        {
            _pruning++;
            catalog.ListAsync(PersistenceId).PipeTo(
                Self, success: kept => new CheckpointsListed(kept), failure: _ => new CheckpointsListed([]));
        }
    }

    private void Prune(List<long> old)
    {
        foreach (var sequence in old)
        {
            _pruning++;
            DeleteSnapshot(sequence);
        }
    }

    /// <summary>Answers what is asked about the past, and about everything that the run holds.</summary>
    private bool TryAnswerPast(WorkflowQuery query, IActorRef sender, List<(IActorRef To, object Answer)> answers)
    {
        switch (query)
        {
            case WorkflowQuery.GetDetails:
                answers.Add((sender, Details()));
                return true;
            case WorkflowQuery.GetCheckpoint checkpoint:
                ReadPast(checkpoint, checkpoint.Checkpoint, sender, answers);
                return true;
            case WorkflowQuery.GetCheckpoints:
                ListCheckpointsAsync(_services.Checkpoints, _checkpoints.Named).PipeTo(sender, Self, failure: Unavailable);
                return true;
            case WorkflowQuery.GetHistory history:
                ReadHistoryAsync(Context.System, history, FrameRoom.IsElsewhere(sender)).PipeTo(sender, Self, failure: Unavailable);
                return true;
            default:
                return false;
        }
    }

    private WorkflowReply.Details Details() => _state switch
    {
        WorkflowState.Closed closed => new(_id, closed.ToImage(), closed.Outcome, _checkpoints.Failure),
        var open => new(_id, ((WorkflowState.Open)open!).ToImage(), null, _checkpoints.Failure),
    };

    private WorkflowReply.Refused Unavailable(Exception error) => new(_id, "unavailable", error.GetBaseException().Message);

    private async Task<WorkflowReply> ReadHistoryAsync(ActorSystem system, WorkflowQuery.GetHistory history, bool elsewhere)
    {
        var (last, place) = (LastSequenceNr, PlaceOf(_state!));
        var rows = await HistoryPage.ReadAsync(system, PersistenceId, history.From, last, history.Max).ConfigureAwait(false);
        return elsewhere && rows is [var only] && FrameRoom.SizeOf(only) > FrameRoom.Answer
            ? new WorkflowReply.Stored(_id, place.RunId, last, place.Definition)
            : new WorkflowReply.History(_id, rows, last);
    }

    private static (Guid RunId, DefinitionReference Definition) PlaceOf(WorkflowState state) =>
        state is WorkflowState.Closed closed ? (closed.RunId, closed.Definition)
        : state is WorkflowState.Open open ? (open.RunId, open.Definition)
        : throw new InvalidOperationException("A run that has not begun has no place.");

    private async Task<WorkflowReply> ListCheckpointsAsync(ICheckpointCatalog? catalog, ImmutableArray<NamedCheckpoint> named)
    {
        var kept = catalog is null ? [] : await catalog.ListAsync(PersistenceId).ConfigureAwait(false);
        var stored = kept.ToDictionary(one => one.Sequence);
        var byName = named.Select(one => new ListedCheckpoint(one.Sequence, one.Name, one.At, stored.GetValueOrDefault(one.Sequence)?.Bytes ?? 0));
        var names = named.Select(one => one.Sequence).ToHashSet();
        var others = kept.Where(one => !names.Contains(one.Sequence)).Select(one => new ListedCheckpoint(one.Sequence, null, one.Created, one.Bytes));
        return new WorkflowReply.Checkpoints(_id, [.. byName.Concat(others).OrderByDescending(one => one.Sequence)]);
    }

    /// <summary>Reads a past state beside the run, which goes on meanwhile.</summary>
    private void ReadPast(IWorkflowMessage asked, string checkpoint, IActorRef sender, List<(IActorRef To, object Answer)> answers)
    {
        if (_state is null or WorkflowState.NotStarted)
        {
            answers.Add((sender, new WorkflowReply.Refused(_id, "workflow-not-found", $"There is no workflow run '{_id}'.")));
            return;
        }

        if (_checkpoints.Find(checkpoint) is not { } sequence || sequence > LastSequenceNr)
        {
            answers.Add((sender, NoCheckpoint(checkpoint)));
            return;
        }

        _readingPast++;
        PastState.ReadAsync(Context.System, _services.Checkpoints, _plan!, PersistenceId, sequence).PipeTo(
            Self,
            success: image => new PastRead(asked, sender, sequence, image, null),
            failure: error => new PastRead(asked, sender, sequence, null, error.GetBaseException().Message));
    }

    private WorkflowReply.Refused NoCheckpoint(string checkpoint) =>
        new(_id, "checkpoint-not-found", $"The workflow run '{_id}' has no checkpoint '{checkpoint}'.");

    private void On(PastRead read)
    {
        _readingPast--;
        switch (read)
        {
            case { Failure: { } failure }:
                read.Sender.Tell(new WorkflowReply.Refused(_id, "unavailable", failure));
                break;
            case { Image: null }:
                read.Sender.Tell(NoCheckpoint(read.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case { Asked: RewindTo rewind, Image: { } image }:
                Arrive(new WorkflowCommand.Rewind(_id, rewind.CommandId, read.Sequence, image) { LeftBy = rewind.LeftBy }, read.Sender);
                return;
            case { Asked: WorkflowQuery.GetCheckpoint { PlaceOnly: true }, Image: { } image }:
                read.Sender.Tell(PlaceOf(read.Sequence, image) with { Input = image.Input });
                break;
            case { Image: { } image } when IsTooLargeFor(read.Sender, image):
                read.Sender.Tell(PlaceOf(read.Sequence, image));
                break;
            case { Image: { } image }:
                read.Sender.Tell(new WorkflowReply.Checkpoint(_id, read.Sequence, image));
                break;
        }

        LeaveIfDone();
    }

    private WorkflowReply.Stored PlaceOf(long sequence, RunImage image) => new(_id, image.RunId, sequence, image.Definition);

    /// <summary>A rewind that goes to where the run goes on, without the image that was read for it here.</summary>
    private static RewindTo AskedAnew(WorkflowCommand.Rewind rewind) =>
        new(rewind.WorkflowId, rewind.CommandId, $"#{rewind.To}") { LeftBy = rewind.LeftBy };

    private sealed record TakeDueCheckpoint : INoSerializationVerificationNeeded
    {
        public static readonly TakeDueCheckpoint Instance = new();
    }

    private sealed record CheckpointsListed(IReadOnlyList<KeptCheckpoint> Kept) : INoSerializationVerificationNeeded;

    private sealed record PastRead(IWorkflowMessage Asked, IActorRef Sender, long Sequence, RunImage? Image, string? Failure)
        : INoSerializationVerificationNeeded;
}
