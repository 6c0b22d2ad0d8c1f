using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Runs;

/// <summary>How a run ended, in words.</summary>
internal static class ResultText
{
    /// <summary>What the run did: <c>completed</c>, <c>was cancelled</c>.</summary>
    public static string Of(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Completed => "completed",
        WorkflowStatus.Failed => "failed",
        WorkflowStatus.Cancelled => "was cancelled",
        _ => "was terminated",
    };

    /// <summary>A task that failed, in one line.</summary>
    public static string Of(FailedTask task)
    {
        var attempts = task.Attempts == 1 ? "1 attempt" : $"{task.Attempts} attempts";
        return $"{task.Path} {task.Type} after {attempts}: {OneLine.Of(task.Message)}";
    }
}
