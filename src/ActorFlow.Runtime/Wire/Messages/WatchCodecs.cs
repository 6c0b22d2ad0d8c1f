using System.Collections.Immutable;
using ActorFlow.Runtime.Watching;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What nodes tell each other of changes of runs.</summary>
internal static class WatchCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of<WatchInterest, Watch.Interest>("watch.interest.1", ToMessage, m => new(m.All, [.. m.WorkflowIds])),
        MessageCodec.Of<RunChangesSeen, Watch.Changes>("watch.changes.1", ToMessage, m => new([.. m.Changes_.Select(ToChange)], m.Dropped)),
        MessageCodec.Of("watch.taken.1", (RunChangesTaken _) => new Watch.Taken(), _ => RunChangesTaken.Instance),
    ];

    private static Watch.Interest ToMessage(WatchInterest interest)
    {
        var message = new Watch.Interest { All = interest.All };
        message.WorkflowIds.Add(interest.WorkflowIds);
        return message;
    }

    private static Watch.Changes ToMessage(RunChangesSeen seen)
    {
        var message = new Watch.Changes { Dropped = seen.Dropped };
        message.Changes_.Add(seen.Changes.Select(ToMessage));
        return message;
    }

    private static Watch.Change ToMessage(RunChange change) => new()
    {
        WorkflowId = change.WorkflowId,
        HasEnded = change.HasEnded,
        Summary = change.Summary is { } summary ? ToMessage(summary) : null,
    };

    private static Watch.Summary ToMessage(WorkflowSummary summary)
    {
        var message = new Watch.Summary
        {
            RunId = summary.RunId.ToBytes(),
            Definition = summary.Definition,
            Version = summary.Version,
            Status = summary.Status.ToWord(),
            StartedTicks = summary.StartedAt.UtcTicks,
            UpdatedTicks = summary.UpdatedAt.UtcTicks,
        };
        summary.ClosedAt.Set(ticks => message.ClosedTicks = ticks);
        if (summary.Parent is { } parent)
        {
            message.Parent = parent;
        }

        if (summary.Failure is { } failure)
        {
            (message.FailureType, message.FailureMessage) = (failure.Type, failure.Message);
        }

        message.Tags.Add(summary.Tags);
        return message;
    }

    private static RunChange ToChange(Watch.Change m) => new(m.WorkflowId, m.HasEnded, m.Summary is { } summary ? ToSummary(m.WorkflowId, summary) : null);

    private static WorkflowSummary ToSummary(string workflowId, Watch.Summary m) => new()
    {
        Id = workflowId,
        RunId = m.RunId.ToGuid(),
        Definition = m.Definition,
        Version = m.Version,
        Status = WorkflowStatuses.FromWord(m.Status) ?? throw new InvalidDataException($"The bytes hold a status that this version does not know: {m.Status}."),
        StartedAt = m.StartedTicks.ToTime(),
        UpdatedAt = m.UpdatedTicks.ToTime(),
        ClosedAt = m.ClosedTicks.ToTime(m.HasClosedTicks),
        Parent = m.HasParent ? m.Parent : null,
        Tags = m.Tags.ToTags(),
        Failure = m.HasFailureType ? new(m.FailureType, m.FailureMessage) : null,
    };
}
