namespace ActorFlow.Shell.Records;

/// <summary>How a run stands, in words.</summary>
internal static class RunStatusText
{
    /// <summary>The status in one word; an open run that stops is <c>stopping</c>.</summary>
    public static string WordOf(WorkflowDescription run) =>
        run is { Stopping: not null, Status: not WorkflowStatus.Paused } ? "stopping" : run.Status.ToWord();

    /// <summary>Why it did not complete; null means that it is open or completed.</summary>
    public static string? ReasonOf(WorkflowDescription run) =>
        run.Result?.Failure is { } failure ? $"{failure.Type}: {failure.Message}" : run.Result?.Reason;
}
