namespace ActorFlow.Core.Workflows;

/// <summary>
/// An exception that a decision met, and that no rule foresees: a fault of the engine, or of a value that it cannot read. It cost the
/// task that it was thrown for (<see cref="Tasks.ErrorTypes.InternalError"/>), or the command, and nothing else.
/// </summary>
/// <param name="Task">The path of the task that failed for it; empty: the run failed, or the command was refused.</param>
/// <param name="Cause">What was thrown.</param>
public sealed record DecisionFault(string Task, Exception Cause);
