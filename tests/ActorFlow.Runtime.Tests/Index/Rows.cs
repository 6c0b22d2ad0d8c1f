using System.Collections.Immutable;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>Rows of made-up runs.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static Guid Run(int n) => new(n, 0, 0, new byte[8]);

    /// <summary>A run that started so many minutes after noon.</summary>
    public static WorkflowIndexRow Row(string id, int minute = 0, long sequence = 1, int run = 1, WorkflowStatus status = WorkflowStatus.Running) =>
        new(id, Run(run), sequence, "order", 1, status, Noon.AddMinutes(minute), Noon.AddMinutes(minute));

    public static WorkflowIndexRow WakingAt(this WorkflowIndexRow row, DateTimeOffset time) => row with { WakeAt = time };

    public static WorkflowIndexRow ClosedAt(this WorkflowIndexRow row, DateTimeOffset time) =>
        row with { Closed = time, Status = WorkflowStatus.Completed };

    public static WorkflowIndexRow Tagged(this WorkflowIndexRow row, params (string Key, string Value)[] tags) =>
        row with { Tags = tags.ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value) };
}
