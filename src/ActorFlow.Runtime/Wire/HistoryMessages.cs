using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.History;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>What runs are asked about all that they hold and held, what they answer, and what takes them back, on the wire.</summary>
internal static class HistoryMessages
{
    public static byte[]? TryWrite(object message) => ToMessage(message)?.ToByteArray();

    public static object? TryRead(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.GetDetails => new WorkflowQuery.GetDetails(NameIn(bytes)),
        Manifests.GetHistory when GetHistory.Parser.ParseFrom(bytes) is var m => new WorkflowQuery.GetHistory(m.WorkflowId, m.From, m.Max),
        Manifests.GetCheckpoints => new WorkflowQuery.GetCheckpoints(NameIn(bytes)),
        Manifests.GetCheckpoint when GetCheckpoint.Parser.ParseFrom(bytes) is var m =>
            new WorkflowQuery.GetCheckpoint(m.WorkflowId, m.Checkpoint) { PlaceOnly = m.PlaceOnly },
        Manifests.RewindTo when History.RewindTo.Parser.ParseFrom(bytes) is var m =>
            new Workflows.RewindTo(m.WorkflowId, m.CommandId.ToGuid(), m.Checkpoint) { LeftBy = m.LeftBy?.ToAttempt() },
        Manifests.ForkFrom => FromMessage(History.ForkFrom.Parser.ParseFrom(bytes)),
        Manifests.ChildEndAcknowledged => new ChildEndAcknowledged(Messages.Attempt.Parser.ParseFrom(bytes).ToAttempt()),
        Manifests.Details => FromMessage(Details.Parser.ParseFrom(bytes)),
        Manifests.History => FromMessage(Rows.Parser.ParseFrom(bytes)),
        Manifests.Checkpoints => FromMessage(History.Checkpoints.Parser.ParseFrom(bytes)),
        Manifests.Checkpoint when Checkpoint.Parser.ParseFrom(bytes) is var m =>
            new WorkflowReply.Checkpoint(m.WorkflowId, m.Sequence, ImageIn(m.Image)),
        Manifests.Stored => FromMessage(Stored.Parser.ParseFrom(bytes)),
        _ => null,
    };

    private static IMessage? ToMessage(object message) => message switch
    {
        WorkflowQuery.GetDetails m => Name(m.WorkflowId),
        WorkflowQuery.GetHistory m => new GetHistory { WorkflowId = m.WorkflowId, From = m.From, Max = m.Max },
        WorkflowQuery.GetCheckpoints m => Name(m.WorkflowId),
        WorkflowQuery.GetCheckpoint m => new GetCheckpoint { WorkflowId = m.WorkflowId, Checkpoint = m.Checkpoint, PlaceOnly = m.PlaceOnly },
        Workflows.RewindTo m => new History.RewindTo
        {
            WorkflowId = m.WorkflowId,
            CommandId = m.CommandId.ToBytes(),
            Checkpoint = m.Checkpoint,
            LeftBy = m.LeftBy?.ToMessage(),
        },
        Workflows.ForkFrom m => ToMessage(m),
        ChildEndAcknowledged m => m.Attempt.ToMessage(),
        WorkflowReply.Details m => ToMessage(m),
        WorkflowReply.History m => ToMessage(m),
        WorkflowReply.Checkpoints m => ToMessage(m),
        WorkflowReply.Checkpoint m => new Checkpoint { WorkflowId = m.WorkflowId, Sequence = m.Sequence, Image = m.Image.ToMessage() },
        WorkflowReply.ReadFromStore m => ToMessage(m),
        _ => null,
    };

    private static Details ToMessage(WorkflowReply.Details details)
    {
        var message = new Details { WorkflowId = details.WorkflowId, Image = details.Image.ToMessage() };
        if (details.Outcome is { } outcome)
        {
            message.Outcome = NumberOf(outcome);
        }

        if (details.CheckpointFailure is { } failure)
        {
            message.CheckpointFailure = failure;
        }

        return message;
    }

    private static int NumberOf(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Completed => 0,
        RunOutcome.Failed => 1,
        RunOutcome.Cancelled => 2,
        RunOutcome.Terminated => 3,
        _ => throw new InvalidOperationException($"The outcome {outcome} has no form on the wire."),
    };

    private static RunOutcome OutcomeOf(int number) => number switch
    {
        0 => RunOutcome.Completed,
        1 => RunOutcome.Failed,
        2 => RunOutcome.Cancelled,
        3 => RunOutcome.Terminated,
        _ => throw new InvalidDataException($"The bytes hold an outcome that this version does not know: {number}."),
    };

    private static History.ForkFrom ToMessage(Workflows.ForkFrom fork) => new()
    {
        WorkflowId = fork.WorkflowId,
        CommandId = fork.CommandId.ToBytes(),
        RunId = fork.RunId.ToBytes(),
        Definition = fork.Definition.ToMessage(),
        Input = fork.Input.ToBytes(),
        Origin = fork.Origin.ToMessage(),
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
            message.Outcome = NumberOf(outcome);
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
        m.HasOutcome ? OutcomeOf(m.Outcome) : null,
        m.HasCheckpointFailure ? m.CheckpointFailure : null);

    private static Workflows.ForkFrom FromMessage(History.ForkFrom m) => new(
        m.WorkflowId,
        m.CommandId.ToGuid(),
        m.RunId.ToGuid(),
        m.Definition.ToReference(),
        m.Input.ToPayload(),
        m.Origin.ToOrigin() ?? throw Fields.Missing("origin"));

    private static WorkflowReply.ReadFromStore FromMessage(Stored m) => new(m.WorkflowId, m.RunId.ToGuid(), m.Sequence, m.Definition.ToReference())
    {
        Outcome = m.HasOutcome ? OutcomeOf(m.Outcome) : null,
        CheckpointFailure = m.HasCheckpointFailure ? m.CheckpointFailure : null,
        Input = m.Input.ToPayload(m.HasInput),
    };

    private static WorkflowReply.History FromMessage(Rows m) => new(
        m.WorkflowId,
        [.. m.Rows_.Select(row => new JournalEntry(row.Sequence, JournalFormat.FromMessage(row.Commits ?? throw Fields.Missing("commits")).Commits))],
        m.Last);

    private static WorkflowReply.Checkpoints FromMessage(History.Checkpoints m) => new(
        m.WorkflowId,
        [.. m.All.Select(one => new Workflows.ListedCheckpoint(one.Sequence, one.HasName ? one.Name : null, one.AtTicks.ToTime(), one.Bytes))]);

    private static RunImage ImageIn(Journal.RunImage? image) => image?.ToImage() ?? throw Fields.Missing("image");

    private static Messages.WorkflowName Name(string id) => new() { WorkflowId = id };

    private static string NameIn(byte[] bytes) => Messages.WorkflowName.Parser.ParseFrom(bytes).WorkflowId;
}
