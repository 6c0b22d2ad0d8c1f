namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>An attempt that a run has offered to a task queue.</summary>
/// <param name="Path">The path of its task.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Queue">The task queue.</param>
/// <param name="IsPoison">Whether it was lost so often with its workers that it is not offered any more.</param>
internal readonly record struct OutstandingAttempt(string Path, AttemptId Attempt, string Queue, bool IsPoison)
{
    /// <summary>The attempts of an open run that wait for a worker or run, withdrawn ones left out.</summary>
    public static IEnumerable<OutstandingAttempt> Of(WorkflowState.Open open)
    {
        var run = open.Run;
        return from execution in open.Outstanding
               where open.WithdrawnFor(execution) is null
               select new OutstandingAttempt(
                   run.PathOf(execution), open.AttemptOf(execution), run.UsesOf(execution).Queue, run.Get(execution).Losses >= Limits.LossesInARow);
    }
}
