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

    private static TaskImage ImageOf(TaskState task) => new()
    {
        Phase = task.Phase,
        Waiting = task.Waiting,
        Arrived = task.Arrived,
        Decided = task.Decided,
        Starts = task.Starts,
        Output = task.Output,
        Error = task.Error,
        Execution = task.Execution,
        Fan = task.Fan is { } fan
            ? new(fan.Items, [.. fan.Elements], fan.Next, fan.Active, fan.Unsettled, fan.Failed, fan.Listed, fan.Bytes)
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
        Execution = task.Execution,
        Fan = task.Fan is { } fan ? StateOf(fan) : null,
    };

    private static FanOut StateOf(FanImage fan) => new()
    {
        Items = fan.Items,
        Elements = TransientVector<TaskExecutionState>.Of(fan.Elements),
        Next = fan.Next,
        Active = fan.Active,
        Unsettled = fan.Unsettled,
        Failed = fan.Failed,
        Listed = fan.Listed,
        Bytes = fan.Bytes,
    };
}
