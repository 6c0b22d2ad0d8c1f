using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Sees attempts come and go on this worker, for a progress display, say. Called from the threads that do the work, several at
/// once: must be quick and must not block. What it throws is logged and forgotten.
/// </summary>
internal interface ITaskObserver
{
    /// <summary>The handler of an attempt is about to run.</summary>
    void Started(in ObservedAttempt attempt)
    {
    }

    /// <summary>A handler says that it is alive.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="progress">How far it is; null means that it did not say.</param>
    void Heartbeat(in ObservedAttempt attempt, Payload? progress)
    {
    }

    /// <summary>An attempt has ended; its report is on the way.</summary>
    void Ended(in ObservedAttempt attempt, TaskOutcome outcome)
    {
    }
}

/// <summary>An attempt, as an observer sees it.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="Path">The task's path: <c>each[2]/x#3</c>.</param>
/// <param name="Handler">The handler.</param>
/// <param name="Attempt">Its name.</param>
internal readonly record struct ObservedAttempt(string WorkflowId, string Path, string Handler, AttemptId Attempt);
