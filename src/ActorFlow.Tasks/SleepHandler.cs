using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Tasks;

/// <summary>
/// <c>sleep</c>: waits on the worker and gives <c>null</c>. A worker that stops takes the wait with it; the task kind <c>delay</c> is
/// the durable one. A sleeper reports once a second, so that <c>heartbeat</c> does not take it for dead.
/// </summary>
/// <param name="clock">Whose time passes.</param>
public sealed class SleepHandler(TimeProvider clock) : ITaskHandler
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <summary>Whose time passes: the system's by timers that keep to it.</summary>
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
