using ActorFlow.Core.Expressions;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>What the handler of one attempt is told.</summary>
internal sealed class AttemptContext(RunningAttempt attempt, WorkerNode node) : TaskContext
{
    private ILogger? _logger;

    public override string WorkflowId => attempt.Assignment.WorkflowId;

    public override string Task => attempt.Assignment.Order.Path;

    public override string Handler => attempt.Assignment.Order.Handler;

    public override int Attempt => attempt.Assignment.Order.Attempt.Number;

    public override string IdempotencyKey => attempt.Assignment.Order.IdempotencyKey;

    public override Payload? PreviousProgress => attempt.Assignment.Order.PreviousProgress;

    public override string? Directory => attempt.Assignment.Order.Directory;

    public override ILogger Logger =>
        _logger ??= AttemptFailureLog.LoggerOf(attempt, node);

    public override bool HoldsSecret(string pointer) => SecretSlots.Hold(attempt.Assignment.Order.Secrets, pointer);

    public override ValueTask HeartbeatAsync(Payload? progress = null)
    {
        if (progress is not null)
        {
            progress = node.Outlet.Progress(progress);
        }

        attempt.Beat(progress);
        node.Observe(attempt, progress, static (observer, alive, progress) => observer.Heartbeat(alive, progress));
        return default;
    }
}
