namespace ActorFlow;

/// <summary>A run whose output was requested has ended without one: it failed, or was cancelled or terminated.</summary>
public sealed class WorkflowFailedException : Exception
{
    /// <summary>Makes the exception of a result.</summary>
    /// <param name="result">A result of a run that did not complete.</param>
    public WorkflowFailedException(WorkflowResult result)
        : base(MessageOf(result)) => Result = result;

    /// <summary>How the run ended.</summary>
    public WorkflowResult Result { get; }

    /// <summary>Why it failed; null means that it was cancelled or terminated.</summary>
    public TaskError? Failure => Result.Failure;

    private static string MessageOf(WorkflowResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var why = result.Failure is { } failure ? $"{failure.Type}: {failure.Message}" : result.Reason;
        return $"The run '{result.Id}' ended as {result.Status.ToWord()}{(string.IsNullOrEmpty(why) ? "." : $": {why}")}";
    }
}
