namespace ActorFlow.Core.Workflows.Running;

/// <summary>The parts of a run, from and to their images.</summary>
internal sealed partial class RunState
{
    private static ScopeImage ImageOf(ScopeState scope) => new(
        scope.Id,
        scope.Owner,
        scope.Stop is { } stop ? new(stop.Error, stop.Reason) : null,
        scope.TimeoutAt,
        [.. scope.Tasks.Select(ImageOf)]);

    private static UndoImage ImageOf(UndoEntry undo) => new(undo.TaskOrder, undo.Path, undo.Undo);

    private static TaskImage ImageOf(TaskState task) => new()
    {
        Phase = task.Phase,
        Waiting = task.Waiting,
        Arrived = task.Arrived,
        Decided = task.Decided,
        Starts = task.Starts,
        Output = task.Output,
        Error = task.Error,
        Execution = task.Execution is { } execution ? ImageOf(execution) : null,
        Fan = task.Fan is { } fan
            ? new(fan.Items, [.. fan.Elements.Select(ImageOf)], fan.Next, fan.Active, fan.Unsettled, fan.Failed, fan.Listed, fan.Bytes)
            : null,
    };

    private static TaskState StateOf(TaskImage task) => new()
    {
        Phase = task.Phase,
        Waiting = task.Waiting,
        Arrived = task.Arrived,
        Decided = task.Decided,
        Starts = task.Starts,
        Output = task.Output,
        Error = task.Error,
        Execution = task.Execution is { } execution ? StateOf(execution) : null,
        Fan = task.Fan is { } fan ? StateOf(fan) : null,
    };

    private static FanOut StateOf(FanImage fan) => new()
    {
        Items = fan.Items,
        Elements = TransientVector<TaskExecutionState>.Of(fan.Elements.Select(StateOf)),
        Next = fan.Next,
        Active = fan.Active,
        Unsettled = fan.Unsettled,
        Failed = fan.Failed,
        Listed = fan.Listed,
        Bytes = fan.Bytes,
    };

    private static TaskExecutionImage ImageOf(TaskExecutionState execution) => new()
    {
        Phase = execution.Phase,
        Iteration = execution.Iteration,
        Attempt = execution.Attempt,
        AttemptBase = execution.AttemptBase,
        Input = execution.Input,
        Secrets = execution.Secrets,
        Output = execution.Output,
        Error = execution.Error,
        ReadyAt = execution.ReadyAt,
        DueAt = execution.DueAt,
        DeadlineAt = execution.DeadlineAt,
        TimeoutAt = execution.TimeoutAt,
        Lost = execution.Lost,
        Losses = execution.Losses,
        Progress = execution.Progress,
        Withdrawn = execution.Withdrawn,
        Opened = execution.Opened,
        Wait = execution.Wait,
        Question = execution.Question,
        Child = execution.Child,
    };

    private static TaskExecutionState StateOf(TaskExecutionImage execution) => new()
    {
        Phase = execution.Phase,
        Iteration = execution.Iteration,
        Attempt = execution.Attempt,
        AttemptBase = execution.AttemptBase,
        Input = execution.Input,
        Secrets = execution.Secrets,
        Output = execution.Output,
        Error = execution.Error,
        ReadyAt = execution.ReadyAt,
        DueAt = execution.DueAt,
        DeadlineAt = execution.DeadlineAt,
        TimeoutAt = execution.TimeoutAt,
        Lost = execution.Lost,
        Losses = execution.Losses,
        Progress = execution.Progress,
        Withdrawn = execution.Withdrawn,
        Opened = execution.Opened,
        Wait = execution.Wait,
        Question = execution.Question,
        Child = execution.Child,
    };
}
