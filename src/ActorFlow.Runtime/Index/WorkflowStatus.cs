namespace ActorFlow.Runtime.Index;

/// <summary>Where a run stands, as lists show it.</summary>
public enum WorkflowStatus
{
    /// <summary>Something of it runs, or is about to.</summary>
    Running,

    /// <summary>Nothing new starts until it is resumed.</summary>
    Paused,

    /// <summary>It only waits: for a signal, a person, a time or a child.</summary>
    Waiting,

    /// <summary>It ended well.</summary>
    Completed,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It was cancelled, in good order.</summary>
    Cancelled,

    /// <summary>It was ended at once.</summary>
    Terminated,

    /// <summary>It cannot be brought back from its journal, and is tried again now and then.</summary>
    Stuck,
}

/// <summary>The words for a <see cref="WorkflowStatus"/>: they are stored, and never change.</summary>
public static class WorkflowStatuses
{
    private static readonly string[] Words = ["running", "paused", "waiting", "completed", "failed", "cancelled", "terminated", "stuck"];

    /// <summary>The word.</summary>
    public static string ToWord(this WorkflowStatus status) => Words[(int)status];

    /// <summary>The status of that word, or none if there is no such word.</summary>
    public static WorkflowStatus? FromWord(string word) =>
        Array.IndexOf(Words, word) is >= 0 and var index ? (WorkflowStatus)index : null;
}
