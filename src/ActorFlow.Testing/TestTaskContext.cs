using ActorFlow.Core.Expressions;
using ActorFlow.Testing.Workflows;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Testing;

/// <summary>The context of a handler in a test: that of a worker, and the means to let virtual time pass.</summary>
public sealed class TestTaskContext : TaskContext
{
    private readonly TestAttempt _attempt;

    internal TestTaskContext(TestAttempt attempt, VirtualClock clock, ILogger logger, CancellationToken cancellationToken)
    {
        (_attempt, Logger, Clock, CancellationToken) = (attempt, logger, clock, cancellationToken);
    }

    /// <inheritdoc/>
    public override string WorkflowId => _attempt.WorkflowId;

    /// <inheritdoc/>
    public override string Task => _attempt.Order.Path;

    /// <inheritdoc/>
    public override string Handler => _attempt.Order.Handler;

    /// <inheritdoc/>
    public override int Attempt => _attempt.Order.Attempt.Number;

    /// <inheritdoc/>
    public override string IdempotencyKey => _attempt.Order.IdempotencyKey;

    /// <inheritdoc/>
    public override Payload? PreviousProgress => _attempt.Order.PreviousProgress;

    /// <inheritdoc/>
    public override string? Directory => _attempt.Order.Directory;

    /// <inheritdoc/>
    public override ILogger Logger { get; }

    /// <summary>Cancelled on timeout, and when the run withdraws the attempt.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The virtual clock; handlers from the container get it as their <see cref="TimeProvider"/>.</summary>
    public TimeProvider Clock { get; }

    /// <inheritdoc/>
    public override bool HoldsSecret(string pointer) => SecretSlots.Hold(_attempt.Order.Secrets, pointer);

    /// <inheritdoc/>
    public override ValueTask HeartbeatAsync(Payload? progress = null)
    {
        _attempt.Beat(progress, Clock.GetUtcNow());
        return default;
    }

    /// <summary>Waits until the test has advanced virtual time, or throws when the attempt is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The attempt was cancelled.</exception>
    public Task DelayAsync(TimeSpan time) => System.Threading.Tasks.Task.Delay(time, Clock, CancellationToken);

    /// <summary>Waits until the attempt is cancelled, and then throws.</summary>
    /// <exception cref="OperationCanceledException">The attempt was cancelled.</exception>
    public Task ForeverAsync() => ForeverAsync(CancellationToken);

    internal async Task ForeverAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource();
        using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        ((ITimerOwner)_attempt).TimersChanged(1);
        try
        {
            await never.Task.ConfigureAwait(false);
        }
        finally
        {
            ((ITimerOwner)_attempt).TimersChanged(-1);
        }
    }
}
