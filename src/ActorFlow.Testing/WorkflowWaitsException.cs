namespace ActorFlow.Testing;

/// <summary>A run does not end by itself: it waits for something that only the test can provide.</summary>
public sealed class WorkflowWaitsException : Exception
{
    internal WorkflowWaitsException(string workflowId, IReadOnlyList<string> waitingFor, string how)
        : base($"The run '{workflowId}' does not end: {how} It waits for {(waitingFor.Count == 0 ? "nothing that is known" : string.Join("; for ", waitingFor))}.") =>
        (WorkflowId, WaitingFor) = (workflowId, waitingFor);

    /// <summary>The id of the run.</summary>
    public string WorkflowId { get; }

    /// <summary>Descriptions of what it waits for: signals, questions, missing handlers, children.</summary>
    public IReadOnlyList<string> WaitingFor { get; }
}
