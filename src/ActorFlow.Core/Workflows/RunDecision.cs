using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// One decision in the making: a copy of the run, and the events so far. Each event is applied as soon as it is found, so that
/// the next rule sees what the last one led to; whoever throws leaves the original untouched.
/// </summary>
internal sealed partial class RunDecision
{
    private readonly RunState _run;
    private readonly DateTimeOffset _now;
    private readonly double _roll;
    private readonly ImmutableArray<WorkflowEvent>.Builder _events = ImmutableArray.CreateBuilder<WorkflowEvent>();

    private int _steps = Limits.StepsPerDecision;

    public RunDecision(RunState run, DateTimeOffset now, double roll)
    {
        _run = run.Copy();
        _now = now > run.Now ? now : run.Now;
        _roll = roll;
        _run.Now = _now;
    }

    public static Decision Start(WorkflowState.NotStarted initial, Start start, DateTimeOffset now, double roll)
    {
        if (start.Input.Length > Limits.PayloadBytes)
        {
            return new Decision.Refused(
                "payload-too-large", $"The input has {start.Input.Length:n0} bytes; at most {Limits.PayloadBytes:n0} are allowed.");
        }

        var started = new Started(start.WorkflowId, start.RunId, start.Definition, start.Input);
        var decision = new RunDecision(RunState.Begin(initial, started, now), now, roll);
        decision._events.Add(started);
        return decision.Finish(start.CommandId);
    }

    public Decision Take(WorkflowCommand command)
    {
        switch (command)
        {
            case Report report:
                Take(report);
                return Finish(null);
            case Tick or Continue:
                return Finish(null);
            case Cancel cancel:
                return TakeCancel(cancel);
            case Terminate terminate:
                Emit(new Terminated(MessageText.Of(terminate.Reason)));
                return Finish(terminate.CommandId);
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for {command.GetType().Name} in an open run.");
        }
    }

    private Decision TakeCancel(Cancel cancel)
    {
        if (_run.Commands.Contains(cancel.CommandId) || _run.IsStopping)
        {
            return Decision.Nothing;
        }

        Emit(new CancelRequested(MessageText.Of(cancel.Reason)));
        return Finish(cancel.CommandId);
    }

    private void Emit(WorkflowEvent @event)
    {
        _events.Add(@event);
        _run.Apply(@event);
    }

    private Decision Finish(Guid? commandId)
    {
        Advance();
        if (_events.Count == 0)
        {
            return Decision.Nothing;
        }

        _run.Remember(commandId);
        return new Decision.Accepted(new(_now, commandId, _events.DrainToImmutable()), WorkflowDecider.Publish(_run));
    }
}
