using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Runtime.Wire.Checkpoints;

/// <summary>The phases of tasks and executions. The stored numbers are those of the .proto file, whatever order the phases of the engine are in.</summary>
internal static class PhaseFormat
{
    public static Journal.TaskPhase ToMessage(this TaskPhase phase) => phase switch
    {
        TaskPhase.Pending => Journal.TaskPhase.TaskPending,
        TaskPhase.Running => Journal.TaskPhase.TaskRunning,
        TaskPhase.Completed => Journal.TaskPhase.TaskCompleted,
        TaskPhase.Failed => Journal.TaskPhase.TaskFailed,
        TaskPhase.Skipped => Journal.TaskPhase.TaskSkipped,
        TaskPhase.Cancelled => Journal.TaskPhase.TaskCancelled,
        _ => throw new InvalidOperationException($"The phase {phase} of a task has no stored form."),
    };

    public static Journal.TaskExecutionPhase ToMessage(this TaskExecutionPhase phase) => phase switch
    {
        TaskExecutionPhase.Queued => Journal.TaskExecutionPhase.TaskExecutionQueued,
        TaskExecutionPhase.Ready => Journal.TaskExecutionPhase.TaskExecutionReady,
        TaskExecutionPhase.Attempting => Journal.TaskExecutionPhase.TaskExecutionAttempting,
        TaskExecutionPhase.Waiting => Journal.TaskExecutionPhase.TaskExecutionWaiting,
        TaskExecutionPhase.Delaying => Journal.TaskExecutionPhase.TaskExecutionDelaying,
        TaskExecutionPhase.Open => Journal.TaskExecutionPhase.TaskExecutionOpen,
        TaskExecutionPhase.AwaitingSignal => Journal.TaskExecutionPhase.TaskExecutionAwaitingSignal,
        TaskExecutionPhase.AwaitingAnswer => Journal.TaskExecutionPhase.TaskExecutionAwaitingAnswer,
        TaskExecutionPhase.AwaitingChild => Journal.TaskExecutionPhase.TaskExecutionAwaitingChild,
        TaskExecutionPhase.Completed => Journal.TaskExecutionPhase.TaskExecutionCompleted,
        TaskExecutionPhase.Failed => Journal.TaskExecutionPhase.TaskExecutionFailed,
        TaskExecutionPhase.Cancelled => Journal.TaskExecutionPhase.TaskExecutionCancelled,
        _ => throw new InvalidOperationException($"The phase {phase} of an execution has no stored form."),
    };

    public static TaskPhase ToPhase(this Journal.TaskPhase phase) => phase switch
    {
        Journal.TaskPhase.TaskPending => TaskPhase.Pending,
        Journal.TaskPhase.TaskRunning => TaskPhase.Running,
        Journal.TaskPhase.TaskCompleted => TaskPhase.Completed,
        Journal.TaskPhase.TaskFailed => TaskPhase.Failed,
        Journal.TaskPhase.TaskSkipped => TaskPhase.Skipped,
        Journal.TaskPhase.TaskCancelled => TaskPhase.Cancelled,
        _ => throw new InvalidDataException($"The bytes hold a task's phase that this version does not know: {(int)phase}."),
    };

    public static TaskExecutionPhase ToPhase(this Journal.TaskExecutionPhase phase) => phase switch
    {
        Journal.TaskExecutionPhase.TaskExecutionQueued => TaskExecutionPhase.Queued,
        Journal.TaskExecutionPhase.TaskExecutionReady => TaskExecutionPhase.Ready,
        Journal.TaskExecutionPhase.TaskExecutionAttempting => TaskExecutionPhase.Attempting,
        Journal.TaskExecutionPhase.TaskExecutionWaiting => TaskExecutionPhase.Waiting,
        Journal.TaskExecutionPhase.TaskExecutionDelaying => TaskExecutionPhase.Delaying,
        Journal.TaskExecutionPhase.TaskExecutionOpen => TaskExecutionPhase.Open,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingSignal => TaskExecutionPhase.AwaitingSignal,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingAnswer => TaskExecutionPhase.AwaitingAnswer,
        Journal.TaskExecutionPhase.TaskExecutionAwaitingChild => TaskExecutionPhase.AwaitingChild,
        Journal.TaskExecutionPhase.TaskExecutionCompleted => TaskExecutionPhase.Completed,
        Journal.TaskExecutionPhase.TaskExecutionFailed => TaskExecutionPhase.Failed,
        Journal.TaskExecutionPhase.TaskExecutionCancelled => TaskExecutionPhase.Cancelled,
        _ => throw new InvalidDataException($"The bytes hold an execution's phase that this version does not know: {(int)phase}."),
    };
}
