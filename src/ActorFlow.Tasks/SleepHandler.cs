using ActorFlow.Core.Definitions;

namespace ActorFlow.Tasks;

/// <summary>
/// <c>sleep</c>: waits on the worker and gives <c>null</c>. The wait ends with the worker; the task kind <c>delay</c> is
/// durable. The handler sends a heartbeat once a second, so that its <c>heartbeat</c> does not pass.
/// </summary>
/// <param name="clock">The clock of the wait.</param>
internal sealed class SleepHandler(TimeProvider clock) : ITaskHandler
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <summary>The clock of the wait; the system's clock is used with precise timers.</summary>
    internal TimeProvider Clock { get; } = clock == TimeProvider.System ? PreciseTime.Instance : clock;

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (begun, duration) = (Clock.GetTimestamp(), Read(input));
        while (duration - Clock.GetElapsedTime(begun) is { Ticks: > 0 } left)
        {
            var pause = left < ReportEvery ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : ReportEvery;
            await Task.Delay(pause, Clock, cancellationToken).ConfigureAwait(false);
            await context.HeartbeatAsync().ConfigureAwait(false);
        }

        return Payload.Null;
    }

    private static TimeSpan Read(Payload payload)
    {
        using var document = payload.ToDocument();
        var input = new HandlerInput("sleep", document.RootElement, "for");
        var text = input.RequiredText("for");
        return Duration.TryParse(text, out var duration)
            ? duration
            : throw input.Invalid($"needs a duration such as 5s or 1h30m under 'for', not '{text}'");
    }
}
