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
        Body = task.Body is { } body ? ImageOf(body) : null,
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
        Body = task.Body is { } body ? StateOf(body) : null,
        Fan = task.Fan is { } fan ? StateOf(fan) : null,
    };

    private static FanOut StateOf(FanImage fan) => new()
    {
        Items = fan.Items,
        Elements = TransientVector<BodyState>.Of(fan.Elements.Select(StateOf)),
        Next = fan.Next,
        Active = fan.Active,
        Unsettled = fan.Unsettled,
        Failed = fan.Failed,
        Listed = fan.Listed,
        Bytes = fan.Bytes,
    };

    private static BodyImage ImageOf(BodyState body) => new()
    {
        Phase = body.Phase,
        Iteration = body.Iteration,
        Attempt = body.Attempt,
        AttemptBase = body.AttemptBase,
        Input = body.Input,
        Secrets = body.Secrets,
        Output = body.Output,
        Error = body.Error,
        ReadyAt = body.ReadyAt,
        DueAt = body.DueAt,
        DeadlineAt = body.DeadlineAt,
        TimeoutAt = body.TimeoutAt,
        Lost = body.Lost,
        Losses = body.Losses,
        Progress = body.Progress,
        Withdrawn = body.Withdrawn,
        Opened = body.Opened,
        Wait = body.Wait,
        Question = body.Question,
        Child = body.Child,
    };

    private static BodyState StateOf(BodyImage body) => new()
    {
        Phase = body.Phase,
        Iteration = body.Iteration,
        Attempt = body.Attempt,
        AttemptBase = body.AttemptBase,
        Input = body.Input,
        Secrets = body.Secrets,
        Output = body.Output,
        Error = body.Error,
        ReadyAt = body.ReadyAt,
        DueAt = body.DueAt,
        DeadlineAt = body.DeadlineAt,
        TimeoutAt = body.TimeoutAt,
        Lost = body.Lost,
        Losses = body.Losses,
        Progress = body.Progress,
        Withdrawn = body.Withdrawn,
        Opened = body.Opened,
        Wait = body.Wait,
        Question = body.Question,
        Child = body.Child,
    };
}
