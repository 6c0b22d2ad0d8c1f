using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows;

/// <summary>How a run goes on by itself until it has to wait: what is due, what is decidable, what may begin.</summary>
internal sealed partial class RunDecision
{
    private void Advance()
    {
        while (_run.CanAdvance && _steps > 0)
        {
            if (!_run.Dues.IsEmpty && _run.Dues.Min.At <= _now)
            {
                Fire(_run.Dues.Min);
            }
            else if (!_run.Decidables.IsEmpty)
            {
                Decide(_run.Decidables.Min);
            }
            else if (!_run.ReadyInline.IsEmpty)
            {
                BeginInline(_run.ReadyInline.Min);
            }
            else if (_run.Compensating)
            {
                Compensate();
            }
            else
            {
                StartAttempts();
            }

            _steps--;
        }
    }

    private void Fire(Due due)
    {
        if (due.Kind == DueKind.ScopeTimeout)
        {
            Emit(new ScopeTimedOut(due.Scope));
            return;
        }

        var id = BodyAt(due.Scope, due.Task, due.Element);
        switch (due.Kind)
        {
            case DueKind.Deadline: Emit(new DeadlinePassed(id)); break;
            case DueKind.WaitEnded: Emit(new WaitEnded(id)); break;
            default: Complete(id, Payload.Null); break;
        }
    }

    private BodyId BodyAt(int scope, int task, int element)
    {
        if (scope == RunState.CompensationScope)
        {
            return new(scope, task, element, 0);
        }

        var state = _run.Scopes[scope].Tasks[task];
        var body = state.Fan is { } fan ? fan.Elements[element] : state.Body!;
        return new(scope, task, element, body.Iteration);
    }

    private void Decide(Decidable next)
    {
        if (next.Task == Decidable.WholeScope)
        {
            SettleScope(_run.Scopes[next.Scope]);
            return;
        }

        var plan = _run.Scopes[next.Scope].Plan.Tasks[next.Task];
        var arrived = _run.Scopes[next.Scope].Tasks[next.Task].Arrived;
        if (plan.Needs > 0 && arrived < Math.Max(1, plan.Definition.Join.Count))
        {
            Emit(new TaskSkipped(next.Scope, next.Task));
            return;
        }

        try
        {
            Begin(next, plan);
        }
        catch (ExpressionException error)
        {
            Emit(new TaskFailed(next.Scope, next.Task, new(ErrorTypes.ExpressionError, MessageText.Of(error.Message), _run.TaskPath(next.Scope, next.Task))));
        }
    }

    private void Begin(Decidable next, TaskPlan plan)
    {
        var view = new ScopeView(_run, next.Scope);
        if (plan.If is { } condition && !condition.IsTrue(view, $"{plan.Id}.if"))
        {
            Emit(new TaskSkipped(next.Scope, next.Task));
        }
        else if (plan.ForEach is { } forEach)
        {
            FanOut(next, plan, forEach.Evaluate(view, $"{plan.Id}.for-each").Value);
        }
        else
        {
            Emit(new TaskReady(next.Scope, next.Task));
        }
    }

    private void FanOut(Decidable next, TaskPlan plan, Payload items)
    {
        if (items.Utf8.Span[0] != (byte)'[')
        {
            throw new ExpressionException($"{plan.Id}.for-each: the value is not an array.");
        }

        var count = ElementsOf(items);
        var problem = _run.Elements + count > Limits.Elements
            ? $"The run would fan out over {_run.Elements + count:n0} elements; at most {Limits.Elements:n0} are allowed."
            : _run.Bytes + items.Length > Limits.RunBytes ? $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads." : null;
        if (problem is not null)
        {
            Emit(new TaskFailed(next.Scope, next.Task, new(ErrorTypes.LimitExceeded, problem, _run.TaskPath(next.Scope, next.Task))));
            return;
        }

        Emit(new FanOutOpened(next.Scope, next.Task, items));
    }

    private static int ElementsOf(Payload array)
    {
        using var document = array.ToDocument();
        return document.RootElement.GetArrayLength();
    }

    private void BeginInline(ReadyBody ready)
    {
        var id = BodyAt(ready.Scope, ready.Task, ready.Element);
        var plan = _run.PlanOf(id);
        try
        {
            BeginInline(id, plan, new ScopeView(_run, id.Scope, id));
        }
        catch (ExpressionException error)
        {
            Emit(new BodyFailed(id, new(ErrorTypes.ExpressionError, MessageText.Of(error.Message), _run.PathOf(id))));
        }
    }

    private void BeginInline(BodyId id, TaskPlan plan, ScopeView view)
    {
        switch (plan.Body)
        {
            case BodyPlan.Set set:
                CompleteInline(id, set.Values.Evaluate(view, $"{plan.Id}.set").Value);
                break;
            case BodyPlan.Switch choice:
                Complete(id, Choose(choice, plan, view));
                break;
            case BodyPlan.Delay delay:
                BeginDelay(id, DueOf(delay.For.Evaluate(view, $"{plan.Id}.delay").Value, plan));
                break;
            case BodyPlan.Fail fail:
                Emit(new BodyFailed(id, new(ErrorTypes.Failed, MessageText.Of(TextOf(fail.Message.Evaluate(view, $"{plan.Id}.fail").Value)), _run.PathOf(id))));
                break;
            case BodyPlan.Group:
                Emit(new GroupOpened(id, _run.NextScope));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for the kind of task '{plan.Id}'.");
        }
    }

    private void CompleteInline(BodyId id, Payload output)
    {
        if (_run.Bytes + output.Length > Limits.RunBytes)
        {
            Emit(new BodyFailed(id, new(
                ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.", _run.PathOf(id))));
            return;
        }

        Complete(id, output);
    }

    private static Payload Choose(BodyPlan.Switch choice, TaskPlan plan, ScopeView view)
    {
        foreach (var (label, condition) in choice.Cases)
        {
            if (condition is null || condition.IsTrue(view, $"{plan.Id}.switch.{label}"))
            {
                return Payload.FromString(label);
            }
        }

        return Payload.Null;
    }

    private void BeginDelay(BodyId id, DateTimeOffset due)
    {
        if (due <= _now)
        {
            Complete(id, Payload.Null);
        }
        else
        {
            Emit(new DelayStarted(id, due));
        }
    }

    private DateTimeOffset DueOf(Payload value, TaskPlan plan)
    {
        var text = TextOf(value);
        if (Duration.TryParse(text, out var wait))
        {
            return wait > DateTimeOffset.MaxValue - _now ? DateTimeOffset.MaxValue : _now + wait;
        }

        return Timestamp.TryParse(text, out var at)
            ? at
            : throw new ExpressionException($"{plan.Id}.delay: '{Shorten(text)}' is neither a duration like 5m nor an ISO 8601 timestamp.");
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "…" : text;

    private static string TextOf(Payload value) =>
        value.Utf8.Span[0] == (byte)'"' ? value.To<string>()! : value.ToString();

    /// <summary>Begins as many attempts as there are places, and records them as one event.</summary>
    private void StartAttempts()
    {
        var starts = ImmutableArray.CreateBuilder<AttemptStart>();
        WorkflowEvent? failure = null;
        while (failure is null && !_run.ReadyUses.IsEmpty && _run.Places > 0 && _steps > 0)
        {
            _steps--;
            var ready = _run.ReadyUses.Min;
            if (TryStart(BodyAt(ready.Scope, ready.Task, ready.Element), out var start, out failure))
            {
                starts.Add(start);
                _run.Apply(new AttemptsStarted([start]));
            }
        }

        if (starts.Count > 0)
        {
            _events.Add(new AttemptsStarted(starts.DrainToImmutable()));
        }

        if (failure is not null)
        {
            Emit(failure);
        }
    }

    private bool TryStart(
        BodyId id,
        [NotNullWhen(true)] out AttemptStart? start,
        [NotNullWhen(false)] out WorkflowEvent? failure)
    {
        start = null;
        failure = null;
        var body = _run.Get(id);
        if (body.Attempt > 0)
        {
            start = new(id, body.Attempt + 1, null, []);
            return true;
        }

        var plan = _run.PlanOf(id);
        try
        {
            var (input, secrets) = _run.UsesOf(id).With.Evaluate(new ScopeView(_run, id.Scope, id), $"{plan.Id}.with");
            if (ProblemWith(input) is var (type, message))
            {
                failure = new BodyFailed(id, new(type, message, _run.PathOf(id)));
                return false;
            }

            start = new(id, 1, input, secrets);
            return true;
        }
        catch (ExpressionException error)
        {
            failure = new BodyFailed(id, new(ErrorTypes.ExpressionError, MessageText.Of(error.Message), _run.PathOf(id)));
            return false;
        }
    }

    private (string Type, string Message)? ProblemWith(Payload input, int besides = 0)
    {
        if (input.Length > Limits.PayloadBytes)
        {
            return (ErrorTypes.PayloadTooLarge, $"The input has {input.Length:n0} bytes; at most {Limits.PayloadBytes:n0} are allowed.");
        }

        return _run.Bytes + besides + input.Length > Limits.RunBytes
            ? (ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.")
            : null;
    }

    /// <summary>Everything in a scope has settled: it ends as its group's body, or as the run.</summary>
    private void SettleScope(ScopeState scope)
    {
        if (scope.Stop is not { } stop)
        {
            EndWithOutput(scope);
        }
        else if (scope.IsRoot)
        {
            EndRun(stop);
        }
        else if (stop.Error is { } error)
        {
            Emit(new BodyFailed(scope.Owner, error));
        }
        else
        {
            Emit(new BodyCancelled(scope.Owner));
        }
    }

    private void EndWithOutput(ScopeState scope)
    {
        try
        {
            var output = OutputOf(scope);
            if (scope.IsRoot)
            {
                Emit(new Completed(output));
            }
            else
            {
                CompleteInline(scope.Owner, output);
            }
        }
        catch (ExpressionException thrown)
        {
            var error = new TaskError(ErrorTypes.ExpressionError, MessageText.Of(thrown.Message), scope.IsRoot ? string.Empty : _run.PathOf(scope.Owner));
            Emit(scope.IsRoot ? new OutputFailed(error) : new BodyFailed(scope.Owner, error));
        }
    }

    private Payload OutputOf(ScopeState scope)
    {
        if (scope.Plan.Output is { } output)
        {
            return output.Evaluate(new ScopeView(_run, scope.Id), scope.IsRoot ? "output" : $"{_run.PlanOf(scope.Owner).Id}.output").Value;
        }

        // Rule 25: the outputs of the tasks that nothing needs.
        return Payload.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var sink in scope.Plan.Sinks)
            {
                writer.WritePropertyName(scope.Plan.Tasks[sink].Id);
                writer.WriteRawValue((scope.Tasks[sink].Output ?? Payload.Null).Utf8.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        });
    }

    private void EndRun(ScopeStop stop)
    {
        if (!_run.Undos.IsEmpty && !_run.Compensating)
        {
            Emit(new CompensationStarted());
        }
        else
        {
            EmitEnd(stop);
        }
    }

    private void EmitEnd(ScopeStop stop) =>
        Emit(stop.Error is { } error ? new Failed(error) : new Cancelled(stop.Reason));

    /// <summary>One compensation at a time, newest completion first (rules 31 and 32).</summary>
    private void Compensate()
    {
        var next = new BodyId(RunState.CompensationScope, _run.UndoNumber, 0, 0);
        if (_run.Undoing is { } undoing)
        {
            Emit(new AttemptsStarted([new(next, undoing.Body.Attempt + 1, null, [])]));
        }
        else if (_run.Undos.IsEmpty)
        {
            EmitEnd(_run.Root.Stop!);
        }
        else if (_run.Undos.Peek() is { Undo: { Error: { } message } undo } broken)
        {
            Emit(new BodyFailed(next, new(undo.ErrorType, message, broken.Path + "!compensate")));
        }
        else
        {
            var entry = _run.Undos.Peek();
            Emit(new AttemptsStarted([new(next, 1, entry.Undo.Input, entry.Undo.Secrets)]));
        }
    }
}
