using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Runtime.Wire.Checkpoints;

/// <summary>The image of a scope, with its tasks and their executions, to its stored form, and back.</summary>
internal static class ScopeImageFormat
{
    public static Journal.ScopeImage ToMessage(this ScopeImage scope)
    {
        var message = new Journal.ScopeImage { Id = scope.Id, Owner = scope.Owner.ToMessage() };
        if (scope.Stop is { } stop)
        {
            message.Stop = new() { Error = stop.Error?.ToMessage(), Reason = stop.Reason };
        }

        scope.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        scope.BeginsAt.Set(ticks => message.BeginsAtTicks = ticks);
        message.Tasks.Add(scope.Tasks.Select(ToMessage));
        return message;
    }

    private static Journal.TaskImage ToMessage(TaskImage task)
    {
        var message = new Journal.TaskImage
        {
            Phase = task.Phase.ToMessage(),
            Waiting = task.Waiting,
            Arrived = task.Arrived,
            Decided = task.Decided,
            Starts = task.Starts,
            Error = task.Error?.ToMessage(),
            Execution = task.Execution is { } execution ? ToMessage(execution) : null,
            Fan = task.Fan is { } fan ? ToMessage(fan) : null,
        };
        task.Output.Set(output => message.Output = output);
        return message;
    }

    private static Journal.FanImage ToMessage(FanImage fan)
    {
        var message = new Journal.FanImage
        {
            Next = fan.Next,
            Active = fan.Active,
            Unsettled = fan.Unsettled,
            Failed = fan.Failed,
            Listed = fan.Listed,
            Bytes = fan.Bytes,
        };
        message.Items.Add(fan.Items.Select(Fields.ToBytes));
        message.Elements.Add(fan.Elements.Select(ToMessage));
        return message;
    }

    public static Journal.TaskExecutionImage ToMessage(this TaskExecutionState execution)
    {
        var message = new Journal.TaskExecutionImage
        {
            Phase = execution.Phase.ToMessage(),
            Iteration = execution.Iteration,
            Attempt = execution.Attempt,
            AttemptBase = execution.AttemptBase,
            Error = execution.Error?.ToMessage(),
            ReadyAtTicks = execution.ReadyAt.UtcTicks,
            Lost = execution.Lost == LeaseId.None ? null : execution.Lost.ToMessage(),
            Losses = execution.Losses,
            Withdrawn = execution.Withdrawn,
            Opened = execution.Opened,
            Wait = execution.Wait,
            Question = execution.Question is { } question ? ToMessage(question) : null,
            Child = execution.Child is { } child ? new() { ChildId = child.ChildId, Definition = child.Definition?.ToMessage() } : null,
        };
        execution.Input.Set(input => message.Input = input);
        message.Secrets.Add(execution.Secrets.Select(Fields.ToMessage));
        execution.Output.Set(output => message.Output = output);
        execution.DueAt.Set(ticks => message.DueAtTicks = ticks);
        execution.DeadlineAt.Set(ticks => message.DeadlineAtTicks = ticks);
        execution.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        execution.Progress.Set(progress => message.Progress = progress);
        return message;
    }

    private static Journal.QuestionImage ToMessage(QuestionImage question)
    {
        var message = new Journal.QuestionImage { Prompt = question.Prompt };
        question.Options.Set(options => message.Options = options);
        question.Assignees.Set(assignees => message.Assignees = assignees);
        return message;
    }

    public static ScopeImage ToImage(this Journal.ScopeImage m) => new(
        m.Id,
        m.Owner.ToExecution(),
        m.Stop is { } stop ? new(stop.Error?.ToError(), stop.Reason) : null,
        m.TimeoutAtTicks.ToTime(m.HasTimeoutAtTicks),
        [.. m.Tasks.Select(ToImage)])
    {
        BeginsAt = m.BeginsAtTicks.ToTime(m.HasBeginsAtTicks),
    };

    private static TaskImage ToImage(Journal.TaskImage m) => new()
    {
        Phase = m.Phase.ToPhase(),
        Waiting = m.Waiting,
        Arrived = m.Arrived,
        Decided = m.Decided,
        Starts = m.Starts,
        Output = m.Output.ToPayload(m.HasOutput),
        Error = m.Error?.ToError(),
        Execution = m.Execution is { } execution ? ToImage(execution) : null,
        Fan = m.Fan is { } fan ? ToImage(fan) : null,
    };

    private static FanImage ToImage(Journal.FanImage m) => new(
        [.. m.Items.Select(Fields.ToPayload)],
        [.. m.Elements.Select(ToImage)],
        m.Next,
        m.Active,
        m.Unsettled,
        m.Failed,
        m.Listed,
        m.Bytes);

    public static TaskExecutionState ToImage(this Journal.TaskExecutionImage? m) => m is null ? throw Fields.Missing("execution's image") : new()
    {
        Phase = m.Phase.ToPhase(),
        Iteration = m.Iteration,
        Attempt = m.Attempt,
        AttemptBase = m.AttemptBase,
        Input = m.Input.ToPayload(m.HasInput),
        Secrets = m.Secrets.ToSlots(),
        Output = m.Output.ToPayload(m.HasOutput),
        Error = m.Error?.ToError(),
        ReadyAt = m.ReadyAtTicks.ToTime(),
        DueAt = m.DueAtTicks.ToTime(m.HasDueAtTicks),
        DeadlineAt = m.DeadlineAtTicks.ToTime(m.HasDeadlineAtTicks),
        TimeoutAt = m.TimeoutAtTicks.ToTime(m.HasTimeoutAtTicks),
        Lost = m.Lost?.ToLease() ?? LeaseId.None,
        Losses = m.Losses,
        Progress = m.Progress.ToPayload(m.HasProgress),
        Withdrawn = m.Withdrawn,
        Opened = m.Opened,
        Wait = m.Wait,
        Question = m.Question is { } question ? ToImage(question) : null,
        Child = m.Child is { } child ? new(child.ChildId, child.Definition?.ToReference()) : null,
    };

    private static QuestionImage ToImage(Journal.QuestionImage m) =>
        new(m.Prompt, m.Options.ToPayload(m.HasOptions), m.Assignees.ToPayload(m.HasAssignees));
}
