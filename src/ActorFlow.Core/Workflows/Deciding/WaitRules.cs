using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of signals and questions: what is asked, what is accepted, and what a timeout does.</summary>
internal static class WaitRules
{
    public static Decision.Refused? Check(this RunDecision decision, Signal signal)
    {
        if (!decision.Run.Plan.Signals.TryGetValue(signal.Name, out var schema))
        {
            return new("signal-not-found", $"No task of {decision.Run.Definition.Name}@{decision.Run.Definition.Version} waits for a signal '{signal.Name}'.");
        }

        if (decision.Run.Rewinding is not null)
        {
            return ControlRules.Rewinding(signal.WorkflowId);
        }

        if (decision.Run.IsStopping)
        {
            return new("closed", $"The workflow run '{signal.WorkflowId}' is ending, and takes no signals any more.");
        }

        if (decision.NotLetIn(signal.Payload) is { } refused)
        {
            return refused;
        }

        if (decision.Run.Signals.Count >= Limits.Signals)
        {
            return new("limit-exceeded", $"The run keeps {Limits.Signals:n0} signals that nobody has consumed yet; it takes no more.");
        }

        if (schema?.Validate(signal.Payload) is { IsEmpty: false } errors)
        {
            return new("invalid-payload", MessageText.Of($"The payload does not fit the signal '{signal.Name}': {string.Join("; ", errors)}"));
        }

        decision.Emit(new SignalReceived(signal.Name, signal.Payload));
        return null;
    }

    private static Decision.Refused? NotLetIn(this RunDecision decision, Payload payload)
    {
        if (PayloadDoor.Refuse(payload, "The payload") is { } refused)
        {
            return refused;
        }

        return !decision.Run.Quota.HasRoomFor(payload.Length)
            ? new("limit-exceeded", $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.")
            : null;
    }

    public static void BeginQuestion(this RunDecision decision, TaskExecutionId id, TaskPlan plan, TaskExecutionPlan.Ask ask, ScopeView view)
    {
        var prompt = MessageText.Of(AdvanceRules.TextOf(ask.Prompt.Evaluate(view, $"{plan.Id}.ask.prompt").Value));
        var options = ask.Options?.Evaluate(view, $"{plan.Id}.ask.options").Value;
        var assignees = ask.Assignees?.Evaluate(view, $"{plan.Id}.ask.assignees").Value;
        if (ask.Kind == AskKind.Choice && (options is null || options.Utf8.Span[0] != (byte)'[' || AdvanceRules.ElementsOf(options) == 0))
        {
            throw new ExpressionException($"{plan.Id}.ask.options: the value is not an array of at least one option.");
        }

        if (ask.Default is { } fallback && AnswerForm.Fault(ask.Kind, options, fallback) is { } fault)
        {
            // Fail now, and not when the timeout passes and the default is needed.
            throw new ExpressionException($"{plan.Id}.ask.default: the default {fault.Message}");
        }

        if ((decision.ProblemWith(options ?? Payload.Null, assignees?.Length ?? 0) ?? PayloadDoor.TooDeep(assignees ?? Payload.Null, "The list of assignees")) is var (type, message))
        {
            decision.Emit(new TaskExecutionFailed(id, new(type, message, decision.Run.PathOf(id))));
            return;
        }

        decision.Emit(new QuestionAsked(id, prompt, options, assignees, decision.Now + ask.Timeout));
    }

    public static Decision.Refused? Check(this RunDecision decision, Answer answer)
    {
        if (decision.FindQuestion(answer.Task) is not { } id)
        {
            return decision.Unasked(answer.Task);
        }

        var ask = (TaskExecutionPlan.Ask)decision.Run.PlanOf(id).Execution;
        if (decision.NotLetIn(answer.Value) is { } refused)
        {
            return refused;
        }

        if (ProblemWith(answer.Value, ask, decision.Run.Get(id).Question!) is { } problem)
        {
            return new("invalid-answer", MessageText.Of($"{decision.Run.PathOf(id)}: {problem}"));
        }

        var output = decision.AnswerOf(answer.Value, Bounded(answer.By), Bounded(answer.Comment), Bounded(answer.ClaimedBy));
        decision.CompleteInline(id, output);
        return null;
    }

    /// <summary>Finds the question by its path; the iteration of a loop may be left out, since only one is open at a time.</summary>
    private static TaskExecutionId? FindQuestion(this RunDecision decision, string path)
    {
        if (decision.Run.Questions.TryGetValue(path, out var exact))
        {
            return exact;
        }

        foreach (var (open, id) in decision.Run.Questions)
        {
            if (open.Length > path.Length && open[path.Length] == '#' && open.StartsWith(path, StringComparison.Ordinal)
                && !open.AsSpan(path.Length).Contains('/'))
            {
                return id;
            }
        }

        return null;
    }

    private static Decision.Refused Unasked(this RunDecision decision, string path)
    {
        var id = path[(path.LastIndexOf('/') + 1)..];
        var end = id.AsSpan().IndexOfAny('[', '#');
        id = end < 0 ? id : id[..end];
        return decision.Run.Plan.Tasks.Any(task => task.Id == id && task.Execution is TaskExecutionPlan.Ask)
            ? new("not-waiting", $"The task '{path}' does not ask now: it has been answered, or has not come to it.")
            : new("task-not-found", $"No task '{path}' of this run asks anything.");
    }

    private static string? ProblemWith(Payload value, TaskExecutionPlan.Ask ask, QuestionImage question) =>
        AnswerForm.Fault(ask.Kind, question.Options, value) is { } fault
            ? $"the answer {fault.Message}"
            : ask.Schema?.Validate(value) is { IsEmpty: false } errors ? string.Join("; ", errors) : null;

    private static string? Bounded(string? text) => text is null ? null : MessageText.Of(text);

    private static Payload AnswerOf(this RunDecision decision, Payload value, string? by, string? comment, string? claimedBy = null, bool timedOut = false) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("value");
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        writer.WriteString("by", by);
        writer.WriteString("at", decision.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("comment", comment);
        if (claimedBy is not null)
        {
            writer.WriteString("claimedBy", claimedBy);
        }

        if (timedOut)
        {
            writer.WriteBoolean("timedOut", true);
        }

        writer.WriteEndObject();
    });

    public static void TimeOut(this RunDecision decision, TaskExecutionId id)
    {
        switch (decision.Run.PlanOf(id).Execution)
        {
            case TaskExecutionPlan.Child:
                decision.Emit(new ChildTimedOut(id));
                break;
            case TaskExecutionPlan.Ask { Default: { } value }:
                decision.CompleteInline(id, decision.AnswerOf(value, null, null, timedOut: true));
                break;
            case TaskExecutionPlan.Ask:
                decision.Emit(new TaskExecutionFailed(id, new(ErrorTypes.TimedOut, "Nobody answered within the timeout.", decision.Run.PathOf(id))));
                break;
            default:
                decision.Emit(new TaskExecutionFailed(id, new(ErrorTypes.TimedOut, "No signal came within the timeout.", decision.Run.PathOf(id))));
                break;
        }
    }
}
