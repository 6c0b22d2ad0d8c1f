using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>Commits to the bytes of a journal row, and back.</summary>
internal static class JournalFormat
{
    public static byte[] Write(CommitBatch batch) => ToMessage(batch).ToByteArray();

    /// <summary>The commits of a journal row.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such row.</exception>
    /// <exception cref="InvalidDataException">Something is missing in the row or out of range.</exception>
    /// <exception cref="InvalidOperationException">The row holds an event of a later version.</exception>
    public static CommitBatch Read(ReadOnlySpan<byte> bytes) => FromMessage(Journal.CommitBatch.Parser.ParseFrom(bytes));

    public static Journal.CommitBatch ToMessage(CommitBatch batch)
    {
        var message = new Journal.CommitBatch();
        foreach (var commit in batch.Commits)
        {
            message.Commits.Add(ToMessage(commit));
        }

        return message;
    }

    /// <inheritdoc cref="Read"/>
    public static CommitBatch FromMessage(Journal.CommitBatch batch) => new([.. batch.Commits.Select(FromMessage)]);

    private static Commit ToMessage(WorkflowCommit commit)
    {
        var message = new Commit { AtTicks = commit.At.UtcTicks, CommandHash = commit.CommandHash };
        if (commit.CommandId is { } id)
        {
            message.CommandId = id.ToBytes();
        }

        foreach (var @event in commit.Events)
        {
            message.Events.Add(EventTable.Write(@event));
        }

        return message;
    }

    private static WorkflowCommit FromMessage(Commit commit) => new(
        commit.AtTicks.ToTime(),
        commit.CommandId.IsEmpty ? null : commit.CommandId.ToGuid(),
        [.. commit.Events.Select(EventTable.Read)])
    {
        CommandHash = commit.CommandHash,
    };
}
