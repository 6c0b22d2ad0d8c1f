using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What people are asked, and which of their answers count (rules 29 and 35).</summary>
internal sealed partial class ReferenceRun
{
    /// <summary>What people will say, and what will be found.</summary>
    private readonly List<OutsideEvent> _agenda = [];

    private void Plan(TimeSpan after, Action happens)
    {
        OutsideEvent? planned = null;
        planned = new(_now + after, () =>
        {
            _agenda.Remove(planned!);
            happens();
        });
        _agenda.Add(planned);
    }

    private Action Ask(Execution execution, TaskKind.Ask ask, ReferenceView view)
    {
        var id = execution.Task.Definition.Id;
        var prompt = TextOf(Value(ask.Prompt, view, $"{id}.ask.prompt"));
        var options = ask.Options is null ? null : Value(ask.Options, view, $"{id}.ask.options");
        var assignees = ask.Assignees is null ? null : Value(ask.Assignees, view, $"{id}.ask.assignees");
        if (ask.Kind == AskKind.Choice && (options is null || ItemsOf(options).Count == 0))
        {
            throw new ExpressionException("nothing to choose from");
        }

        if (ask is { Kind: AskKind.Choice, Default: { } fallback } && !ItemsOf(options!).Exists(option => option.ToString() == fallback.ToString()))
        {
            throw new ExpressionException("the default is no option");
        }

        return () =>
        {
            execution.Phase = TaskExecutionPhase.AwaitingAnswer;
            execution.Options = options;
            execution.TimeoutAt = _now + execution.Task.Definition.Timeout;
            _story.Outside.Add(OutsideLine.Asked(_now, execution.Path, prompt, options, assignees));
            AwaitAnswers(execution);
        };
    }

    private void AwaitAnswers(Execution execution)
    {
        foreach (var answer in Case.World.AnswersTo(execution.Path, (TaskKind.Ask)execution.Task.Definition.Kind, execution.Options, execution.TimeoutAt is not null))
        {
            Plan(answer.After, () => Hear(answer));
        }
    }

    private void Hear(AnswerMessage answer)
    {
        var asking = LiveExecutions().SingleOrDefault(execution => execution.Phase == TaskExecutionPhase.AwaitingAnswer && IsMeant(execution, answer.Task));
        var problem = asking is null ? "not-waiting"
            : answer.Value.Length > LargestPayload ? "payload-too-large"
            : IsValid(answer.Value, (TaskKind.Ask)asking.Task.Definition.Kind, asking.Options) ? null : "invalid-answer";
        if (problem != "not-waiting")
        {
            _story.Outside.Add(OutsideLine.Answered(_now, answer.Task, problem ?? "taken"));
        }

        if (problem is null)
        {
            Complete(asking!, AnswerOf(answer.Value, answer.By, answer.Comment, timedOut: false));
        }
    }

    /// <summary>By its path, or by its path without the iteration.</summary>
    private static bool IsMeant(Execution execution, string path) =>
        execution.Path == path || (execution.Task.Definition.Repeat is not null && execution.Path == $"{path}#{execution.Iteration}");

    private static bool IsValid(Payload value, TaskKind.Ask ask, Payload? options)
    {
        var text = value.ToString();
        var hasForm = ask.Kind switch
        {
            AskKind.Approval or AskKind.Validation => text is "true" or "false",
            AskKind.Rating => text is "1" or "2" or "3" or "4" or "5",
            AskKind.Choice => ItemsOf(options!).Exists(option => option.ToString() == text),
            _ => text.StartsWith('"'),
        };
        return hasForm && Fits(value, ask.Schema);
    }

    private Payload AnswerOf(Payload value, string? by, string? comment, bool timedOut)
    {
        var answer = new JsonObject
        {
            ["value"] = JsonNode.Parse(value.ToString()),
            ["by"] = by,
            ["at"] = _now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["comment"] = comment,
        };
        if (timedOut)
        {
            answer["timedOut"] = true;
        }

        return Payload.From(answer, JsonSerializerOptions.Default);
    }

    /// <summary>Nobody sent a signal, answered, or ended in time.</summary>
    private void WaitTimedOut(Execution execution)
    {
        if (execution.Child is null)
        {
            _story.Outside.Add(OutsideLine.TimedOut(_now, execution.Path, execution.Task.Definition.Kind is TaskKind.Ask { Default: not null }));
        }

        if (execution.Task.Definition.Kind is TaskKind.Ask { Default: { } value })
        {
            Complete(execution, AnswerOf(value, null, null, timedOut: true));
        }
        else if (execution.Child is { Running: not null } child)
        {
            execution.TimeoutAt = null;
            child.IsLate = true;
            Tell(child, ParentClose.Cancel);
        }
        else
        {
            Fail(execution, new(ErrorTypes.TimedOut, string.Empty, execution.Path), execution.Child?.Start ?? 0);
        }
    }
}
