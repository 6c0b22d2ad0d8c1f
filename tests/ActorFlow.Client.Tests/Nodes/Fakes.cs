using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Client.Tests.Nodes;

/// <summary>What fake nodes answer.</summary>
internal static class Fakes
{
    public static readonly Guid RunId = Guid.Parse("0198a0000000700080000000000000aa");

    public static readonly V1.CommandResponse Accepted = new();

    private static Timestamp Noon => Timestamp.FromDateTimeOffset(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public static V1.GetResultResponse Open => new();

    public static V1.GetResultResponse Ended(string id) => new()
    {
        Result = new()
        {
            Id = id,
            Definition = new() { Name = "order", Version = 1, Hash = "abc" },
            Status = V1.WorkflowStatus.Completed,
            Output = ByteString.CopyFromUtf8("42"),
            StartedAt = Noon,
            ClosedAt = Noon,
        },
    };

    public static V1.HistoryEvent Event(long row) => new() { Token = $"{RunId:n}.{row}.0", At = Noon, Event = "asked", Text = $"row {row}" };

    public static V1.WorkflowChange Change(string id) => new()
    {
        Workflow = new()
        {
            Id = id,
            RunId = RunId.ToString("n"),
            Definition = "order",
            Version = 1,
            Status = V1.WorkflowStatus.Running,
            StartedAt = Noon,
            UpdatedAt = Noon,
        },
    };
}
