namespace ActorFlow.Runtime.Index;

/// <summary>The status of a run, as lists show it.</summary>
public enum WorkflowStatus
{
    /// <summary>Attempts of it run, or something is about to start.</summary>
    Running,

    /// <summary>Nothing new starts until it is resumed.</summary>
    Paused,

    /// <summary>It only waits: for a signal, a person, a time or a child.</summary>
    Waiting,

    /// <summary>It ended with a result.</summary>
    Completed,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It was cancelled, in good order.</summary>
    Cancelled,

    /// <summary>It was ended at once.</summary>
    Terminated,

    /// <summary>It cannot be recovered from its journal; the recovery is tried again from time to time.</summary>
    Stuck,
}

/// <summary>The words for a <see cref="WorkflowStatus"/>: they are stored, and never change.</summary>
public static class WorkflowStatuses
{
    private static readonly string[] Words = ["running", "paused", "waiting", "completed", "failed", "cancelled", "terminated", "stuck"];

    /// <summary>Gives the word of a status.</summary>
    public static string ToWord(this WorkflowStatus status) => Words[(int)status];

    /// <summary>Gives the status of that word; null if there is no such word.</summary>
    public static WorkflowStatus? FromWord(string word) =>
        Array.IndexOf(Words, word) is >= 0 and var index ? (WorkflowStatus)index : null;
}
