namespace ActorFlow.Shell.Runs;

/// <summary>Receives the progress of a run. Tasks are named by path, elements and iterations included, with titles in place of ids where they have one: <c>each[2]/x#3</c>.</summary>
internal interface IRunProgress
{
    /// <summary>The run is under way.</summary>
    /// <param name="tasks">How many tasks there are to settle, as far as known.</param>
    /// <param name="settled">How many of them have settled.</param>
    /// <param name="resumed">Whether an earlier command began it.</param>
    /// <param name="startedAt">When the run began.</param>
    void RunStarted(int tasks, int settled, bool resumed, DateTimeOffset startedAt);

    /// <summary>A task failed before this command, and stays failed.</summary>
    void FailedBefore(string task);

    /// <summary>A task waits until a time.</summary>
    void TaskWaiting(string task, DateTimeOffset until);

    /// <summary>How many tasks have settled, and how many there are; a fan-out may raise both.</summary>
    void Counted(int tasks, int settled);

    /// <summary>A worker has begun an attempt.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="at">When.</param>
    void TaskStarted(string task, int attempt, DateTimeOffset at);

    /// <summary>An attempt failed, and there will be another one.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attempt">The attempt that failed.</param>
    /// <param name="errorType">The error type.</param>
    /// <param name="message">Why, for people.</param>
    /// <param name="wait">How long until the next attempt.</param>
    /// <param name="at">When it failed, as the run recorded it.</param>
    void TaskRetrying(string task, int attempt, string errorType, string message, TimeSpan wait, DateTimeOffset at);

    /// <summary>A task has settled.</summary>
    /// <param name="task">The task.</param>
    /// <param name="end">How it settled.</param>
    /// <param name="at">When it settled, as the run recorded it: the command may learn of it later.</param>
    /// <param name="detail">Why; null means that there is no detail.</param>
    void TaskEnded(string task, TaskEnd end, DateTimeOffset at, string? detail = null);

    /// <summary>The store cannot write, so that nothing can continue. Called when that begins, repeatedly while it lasts, and when it is over.</summary>
    /// <param name="why">The error of the disk or the database; null means that it is over.</param>
    void StoreFails(string? why);
}

/// <summary>How a task settles.</summary>
internal enum TaskEnd
{
    /// <summary>It has an output.</summary>
    Completed,

    /// <summary>It failed for good.</summary>
    Failed,

    /// <summary>It was skipped.</summary>
    Skipped,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
