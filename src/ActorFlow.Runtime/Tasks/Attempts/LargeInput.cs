using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Inputs too large to travel with offers: they stay with their run, which has them anyway, until an attempt starts and its worker
/// asks for its own.
/// </summary>
internal static class LargeInput
{
    /// <summary>The largest input that travels with offers and leases, in bytes.</summary>
    public const int OfferedBytes = 32 * 1024;

    /// <summary>How long a worker asks for an input before it gives the attempt back: a run that cannot answer holds no slot for ever.</summary>
    public static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(2);

    /// <summary>The order as it is offered.</summary>
    public static TaskOrder Withhold(TaskOrder order) => order.Input.Length > OfferedBytes
        ? order with { Input = Payload.Null, WithheldBytes = order.Input.Length }
        : order;

    /// <summary>How long a worker may hold the attempt before its handler is due to end.</summary>
    public static TimeSpan LongestRun(TaskOrder order) =>
        order.WithheldBytes == 0 || order.Timeout > TimeSpan.MaxValue - FetchLimit ? order.Timeout : order.Timeout + FetchLimit;

    /// <summary>How many bytes of payloads the order brings to a message.</summary>
    public static int BytesIn(TaskOrder order) => order.Input.Length + (order.PreviousProgress?.Length ?? 0);
}
