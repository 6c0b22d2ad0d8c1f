using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Logs how an attempt failed on its worker, the only place that has the exception: as a warning, for only the run knows whether
/// another attempt follows. The run logs the last one as an error.
/// </summary>
internal static class AttemptFailureLog
{
    /// <summary>The handler threw.</summary>
    public static void Threw(RunningAttempt attempt, WorkerNode node, Exception error)
    {
        try
        {
            LoggerOf(attempt, node).LogWarning(
                error,
                "Attempt {Attempt} of task {Task} of run {WorkflowId} threw {ErrorType}.",
                attempt.Assignment.Order.Attempt.Number,
                attempt.Assignment.Order.Path,
                attempt.Assignment.WorkflowId,
                error.GetType().Name);
        }
        catch (Exception)
        {
            // An exception's own text may throw, and so may an application's logger: neither changes how the attempt ended.
        }
    }

    /// <summary>The attempt was ended from outside: it ran too long, or was silent too long.</summary>
    public static void Overdue(RunningAttempt attempt, WorkerNode node, string message)
    {
        try
        {
            LoggerOf(attempt, node).LogWarning(
                "Attempt {Attempt} of task {Task} of run {WorkflowId} is ended: {Reason}",
                attempt.Assignment.Order.Attempt.Number,
                attempt.Assignment.Order.Path,
                attempt.Assignment.WorkflowId,
                message);
        }
        catch (Exception)
        {
            // As above.
        }
    }

    /// <summary>What the attempt and its handler log to.</summary>
    public static AttemptLogger LoggerOf(RunningAttempt attempt, WorkerNode node)
    {
        var (order, inner) = (attempt.Assignment.Order, node.Loggers.CreateLogger($"ActorFlow.Tasks.{attempt.Assignment.Order.Handler}"));
        return new(inner, node.Outlet, attempt.Assignment.WorkflowId, order.Path, order.Attempt.Number);
    }
}
