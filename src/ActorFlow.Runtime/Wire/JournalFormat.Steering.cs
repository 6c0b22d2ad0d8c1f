using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Journal;

namespace ActorFlow.Runtime.Wire;

/// <summary>The events of runs that wait, ask, have children, are steered and taken back.</summary>
internal static partial class JournalFormat
{
    private static Started ToMessage(WorkflowEvent.Started e)
    {
        var message = new Started
        {
            WorkflowId = e.WorkflowId,
            RunId = e.RunId.ToBytes(),
            Definition = e.Definition.ToMessage(),
            Input = e.Input.ToBytes(),
            Parent = e.Parent?.ToMessage(),
            Origin = e.Origin?.ToMessage(),
            Image = e.Image?.ToMessage(),
        };
        message.Companions.Add(e.Companions.Select(Fields.ToMessage));
        message.Tags.Add(e.Tags);
        if (e.Directory is { } directory)
        {
            message.Directory = directory;
        }

        return message;
    }

    private static WorkflowEvent.Started FromMessage(Started e) =>
        new(e.WorkflowId, e.RunId.ToGuid(), e.Definition.ToReference(), e.Input.ToPayload())
        {
            Parent = e.Parent.ToLink(),
            Origin = e.Origin.ToOrigin(),
            Image = e.Image?.ToImage(),
            Companions = e.Companions.ToReferences(),
            Tags = e.Tags.ToTags(),
            Directory = e.HasDirectory ? e.Directory : null,
        };

    private static TaskExecutionWait ToMessage(WorkflowEvent.SignalAwaited e)
    {
        var message = new TaskExecutionWait { Execution = e.Execution.ToMessage() };
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.SignalAwaited FromMessage(TaskExecutionWait e) =>
        new(e.Execution.ToExecution(), e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));

    private static QuestionAsked ToMessage(WorkflowEvent.QuestionAsked e)
    {
        var message = new QuestionAsked { Execution = e.Execution.ToMessage(), Prompt = e.Prompt };
        e.Options.Set(options => message.Options = options);
        e.Assignees.Set(assignees => message.Assignees = assignees);
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.QuestionAsked FromMessage(QuestionAsked e) => new(
        e.Execution.ToExecution(),
        e.Prompt,
        e.Options.ToPayload(e.HasOptions),
        e.Assignees.ToPayload(e.HasAssignees),
        e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));

    private static ChildRequested ToMessage(WorkflowEvent.ChildRequested e)
    {
        var message = new ChildRequested { Execution = e.Execution.ToMessage(), Number = e.Number, ChildId = e.ChildId, Input = e.Input.ToBytes() };
        e.TimeoutAt.Set(ticks => message.TimeoutAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.ChildRequested FromMessage(ChildRequested e) => new(
        e.Execution.ToExecution(), e.Number, e.ChildId, e.Input.ToPayload(), e.TimeoutAtTicks.ToTime(e.HasTimeoutAtTicks));

    private static Reopened ToMessage(WorkflowEvent.Reopened e)
    {
        var message = new Reopened { Generation = e.Generation };
        if (e.From is { } from)
        {
            message.From = from;
        }

        return message;
    }
}
