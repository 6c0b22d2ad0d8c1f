using ActorFlow.Node.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Node.Grpc;

/// <summary>Requests of the wire contract as arguments of the client contract. What is empty on the wire is null.</summary>
internal static class FromWire
{
    public static string? Text(string text) => text.Length == 0 ? null : text;

    /// <exception cref="InvalidRequestException">It is no JSON value.</exception>
    public static Payload? Json(ByteString bytes, string field) => bytes.IsEmpty ? null : ApiPayload.Read(bytes.Span, field);

    /// <exception cref="InvalidRequestException">It is no duration.</exception>
    public static TimeSpan? Time(Duration? duration, string field)
    {
        try
        {
            return duration?.ToTimeSpan();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or OverflowException or ArgumentException)
        {
            throw WorkflowRefusedException.Of("invalid-request", $"{field} is no duration.", wrong);
        }
    }

    /// <exception cref="InvalidRequestException">It is no place of a history.</exception>
    public static HistoryToken Place(string token) =>
        token.Length == 0 ? HistoryToken.Start
        : HistoryToken.TryParse(token, out var place) ? place
        : throw WorkflowRefusedException.Of("invalid-request", "from must be a place of a history, written runId.row.index.");

    /// <exception cref="InvalidRequestException">A value is out of range.</exception>
    public static ListQuery Query(V1.WorkflowFilter? filter, int limit = 0, string cursor = "")
    {
        filter ??= new();
        return new()
        {
            Status = [.. filter.Status.Select(Status)],
            Definition = Text(filter.Definition),
            Tags = new Dictionary<string, string>(filter.Tags, StringComparer.Ordinal),
            Since = At(filter.Since, "since"),
            Until = At(filter.Until, "until"),
            Parent = Text(filter.Parent),
            Text = Text(filter.Text),
            Limit = limit == 0 ? 100 : limit,
            Cursor = Text(cursor),
        };
    }

    public static WatchFilter Filter(V1.WorkflowFilter? filter)
    {
        filter ??= new();
        return new()
        {
            Status = [.. filter.Status.Select(Status)],
            Definition = Text(filter.Definition),
            Tags = new Dictionary<string, string>(filter.Tags, StringComparer.Ordinal),
            Parent = Text(filter.Parent),
        };
    }

    /// <exception cref="InvalidRequestException">It is no time.</exception>
    public static DateTimeOffset? At(Timestamp? time, string field)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException)
        {
            throw WorkflowRefusedException.Of("invalid-request", $"{field} is no time.", wrong);
        }
    }

    private static WorkflowStatus Status(V1.WorkflowStatus status) => status switch
    {
        V1.WorkflowStatus.Running => WorkflowStatus.Running,
        V1.WorkflowStatus.Paused => WorkflowStatus.Paused,
        V1.WorkflowStatus.Waiting => WorkflowStatus.Waiting,
        V1.WorkflowStatus.Completed => WorkflowStatus.Completed,
        V1.WorkflowStatus.Failed => WorkflowStatus.Failed,
        V1.WorkflowStatus.Cancelled => WorkflowStatus.Cancelled,
        V1.WorkflowStatus.Terminated => WorkflowStatus.Terminated,
        V1.WorkflowStatus.Stuck => WorkflowStatus.Stuck,
        _ => throw WorkflowRefusedException.Of("invalid-request", $"status {(int)status} is not known."),
    };
}
