namespace ActorFlow.Core.Workflows;

/// <summary>
/// An unexpected exception in a decision: a fault of the engine, or of a value that it cannot read. It failed only the
/// task that it was thrown for (<see cref="ErrorTypes.InternalError"/>), or the command was refused.
/// </summary>
/// <param name="Task">The path of the task that failed for it; empty if the run failed or the command was refused.</param>
/// <param name="Cause">The exception.</param>
internal sealed record DecisionFault(string Task, Exception Cause);
