using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Checkpoints;
using ActorFlow.Runtime.Wire.History;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What runs are asked about all that they hold and held, what they answer, and what takes them back.</summary>
internal static class HistoryCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of("wf.get-details.1", (WorkflowQuery.GetDetails m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of(
            "wf.get-history.1",
            (WorkflowQuery.GetHistory m) => new GetHistory { WorkflowId = m.WorkflowId, From = m.From, Max = m.Max },
            m => new(m.WorkflowId, m.From, m.Max)),
        MessageCodec.Of("wf.get-checkpoints.1", (WorkflowQuery.GetCheckpoints m) => Name(m.WorkflowId), m => new(m.WorkflowId)),
        MessageCodec.Of(
            "wf.get-checkpoint.1",
            (WorkflowQuery.GetCheckpoint m) =>
                new GetCheckpoint { WorkflowId = m.WorkflowId, Checkpoint = m.Checkpoint, PlaceOnly = m.PlaceOnly },
            m => new(m.WorkflowId, m.Checkpoint) { PlaceOnly = m.PlaceOnly }),
        MessageCodec.Of<Workflows.RewindTo, History.RewindTo>(
            "wf.rewind-to.1",
            ToMessage,
            m => new(m.WorkflowId, m.CommandId.ToGuid(), m.Checkpoint) { LeftBy = m.LeftBy?.ToAttempt() }),
        MessageCodec.Of<Workflows.ForkFrom, History.ForkFrom>("wf.fork-from.1", ToMessage, FromMessage),
        MessageCodec.Of(
            "wf.child-end-acknowledged.1", (ChildEndAcknowledged m) => m.Attempt.ToMessage(), m => new(m.ToAttempt())),
        MessageCodec.Of<WorkflowReply.Details, Details>("wf.details.1", ToMessage, FromMessage),
        MessageCodec.Of<WorkflowReply.History, Rows>("wf.history.1", ToMessage, FromMessage),
        MessageCodec.Of<WorkflowReply.Checkpoints, History.Checkpoints>("wf.checkpoints.1", ToMessage, FromMessage),
        MessageCodec.Of(
            "wf.kept-checkpoint.1",
            (WorkflowReply.Checkpoint m) => new Checkpoint { WorkflowId = m.WorkflowId, Sequence = m.Sequence, Image = m.Image.ToMessage() },
            m => new(m.WorkflowId, m.Sequence, ImageIn(m.Image))),
        MessageCodec.Of<WorkflowReply.ReadFromStore, Stored>("wf.stored.1", ToMessage, FromMessage),
    ];

    private static History.RewindTo ToMessage(Workflows.RewindTo rewind) => new()
    {
        WorkflowId = rewind.WorkflowId,
        CommandId = rewind.CommandId.ToBytes(),
        Checkpoint = rewind.Checkpoint,
        LeftBy = rewind.LeftBy?.ToMessage(),
    };

    private static Details ToMessage(WorkflowReply.Details details)
    {
        var message = new Details { WorkflowId = details.WorkflowId, Image = details.Image.ToMessage() };
        if (details.Outcome is { } outcome)
        {
            message.Outcome = outcome.ToNumber();
        }

        if (details.CheckpointFailure is { } failure)
        {
            message.CheckpointFailure = failure;
        }

        return message;
    }

    private static History.ForkFrom ToMessage(Workflows.ForkFrom fork) => new()
    {
        WorkflowId = fork.WorkflowId,
        CommandId = fork.CommandId.ToBytes(),
        RunId = fork.RunId.ToBytes(),
        Definition = fork.Definition.ToMessage(),
        Input = fork.Input.ToBytes(),
        Origin = fork.Origin.ToMessage(),
        Trace = fork.Trace?.ToMessage(),
    };

    private static Stored ToMessage(WorkflowReply.ReadFromStore stored)
    {
        var message = new Stored
        {
            WorkflowId = stored.WorkflowId,
            RunId = stored.RunId.ToBytes(),
            Sequence = stored.Sequence,
            Definition = stored.Definition.ToMessage(),
        };
        if (stored.Outcome is { } outcome)
        {
            message.Outcome = outcome.ToNumber();
        }

        if (stored.CheckpointFailure is { } failure)
        {
            message.CheckpointFailure = failure;
        }

        stored.Input.Set(bytes => message.Input = bytes);
        return message;
    }

    private static Rows ToMessage(WorkflowReply.History history)
    {
        var message = new Rows { WorkflowId = history.WorkflowId, Last = history.Last };
        message.Rows_.Add(history.Rows.Select(row => new Row { Sequence = row.Sequence, Commits = JournalFormat.ToMessage(new CommitBatch(row.Commits)) }));
        return message;
    }

    private static History.Checkpoints ToMessage(WorkflowReply.Checkpoints checkpoints)
    {
        var message = new History.Checkpoints { WorkflowId = checkpoints.WorkflowId };
        foreach (var one in checkpoints.All)
        {
            var listed = new History.ListedCheckpoint { Sequence = one.Sequence, AtTicks = one.At.UtcTicks, Bytes = one.Bytes };
            if (one.Name is { } name)
            {
                listed.Name = name;
            }

            message.All.Add(listed);
        }

        return message;
    }

    private static WorkflowReply.Details FromMessage(Details m) => new(
        m.WorkflowId,
        ImageIn(m.Image),
        m.HasOutcome ? m.Outcome.ToOutcome() : null,
        m.HasCheckpointFailure ? m.CheckpointFailure : null);

    private static Workflows.ForkFrom FromMessage(History.ForkFrom m) => new(
        m.WorkflowId,
        m.CommandId.ToGuid(),
        m.RunId.ToGuid(),
        m.Definition.ToReference(),
        m.Input.ToPayload(),
        m.Origin.ToOrigin() ?? throw Fields.Missing("origin"))
    {
        Trace = m.Trace.ToTrace(),
    };

    private static WorkflowReply.ReadFromStore FromMessage(Stored m) => new(m.WorkflowId, m.RunId.ToGuid(), m.Sequence, m.Definition.ToReference())
    {
        Outcome = m.HasOutcome ? m.Outcome.ToOutcome() : null,
        CheckpointFailure = m.HasCheckpointFailure ? m.CheckpointFailure : null,
        Input = m.Input.ToPayload(m.HasInput),
    };

    private static WorkflowReply.History FromMessage(Rows m) => new(
        m.WorkflowId,
        [.. m.Rows_.Select(row => new JournalEntry(row.Sequence, JournalFormat.FromMessage(row.Commits ?? throw Fields.Missing("commits")).Commits))],
        m.Last);

    private static WorkflowReply.Checkpoints FromMessage(History.Checkpoints m) => new(
        m.WorkflowId,
        [.. m.All.Select(one => new CheckpointSummary(one.Sequence, one.HasName ? one.Name : null, one.AtTicks.ToTime(), one.Bytes))]);

    private static RunImage ImageIn(Journal.RunImage? image) => image?.ToImage() ?? throw Fields.Missing("image");

    private static WorkflowName Name(string id) => new() { WorkflowId = id };
}
