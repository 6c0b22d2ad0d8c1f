using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>The children of the run: they live by themselves, and tell it how they ended.</summary>
internal sealed partial class Driver
{
    private readonly Dictionary<TaskExecutionId, Kid> _kids = [];

    /// <summary>Those that run, whether anybody waits for them or not.</summary>
    private readonly List<Kid> _running = [];

    /// <summary>A child in the hands of the runtime.</summary>
    private sealed class Kid(ChildOrder order, string path, bool hasTimeout)
    {
        public ChildOrder Order { get; set; } = order;

        public string Path { get; } = path;

        public bool HasTimeout { get; } = hasTimeout;

        public RunningChild? Running { get; set; }
    }

    private IEnumerable<OutsideEvent> ChildrenEnding() => _running
        .Where(kid => kid.Running!.Ending is not null)
        .Select(kid => new OutsideEvent(kid.Running!.EndsAt < _now ? _now : kid.Running.EndsAt, () => End(kid)));

    private void SeeToChild(WorkflowState.Open open, TaskExecutionId execution)
    {
        if (open.ChildFor(execution) is not { } order)
        {
            _kids.Remove(execution);
            return;
        }

        if (!_kids.TryGetValue(execution, out var kid) || kid.Order.Attempt != order.Attempt)
        {
            kid = _kids[execution] = new(order, open.Run.PathOf(execution), open.Run.PlanOf(execution).Definition.Timeout is not null);
            if (order.Definition is null)
            {
                Plan(_case.World.SearchFor(kid.Path, order.Attempt.Number), () => Resolve(order));
            }
        }

        Promise.That(
            kid.Order with { Definition = null, Close = null } == order with { Definition = null, Close = null, Companions = kid.Order.Companions },
            $"the order for the child {order.ChildId} has changed");
        kid.Order = order;
        if (order.Definition is not null && kid.Running is null)
        {
            kid.Running = new(_case.World, kid.Path, order.Attempt.Number, order.Input, kid.HasTimeout, _now);
            _running.Add(kid);
        }

        if (order.Close is { } close && !kid.Running!.IsTold)
        {
            Tell(kid, close);
        }
    }

    private void Tell(Kid kid, ParentClose close)
    {
        _story.Outside.Add(OutsideLine.Closes(_now, kid.Path, close.ToString()));
        kid.Running!.Tell(close, _now);
    }

    private void Resolve(ChildOrder order)
    {
        var found = order.Name == World.Unknown ? null : new DefinitionReference(order.Name, order.Version ?? World.NewestVersion, "hash");
        var command = new WorkflowCommand.ResolveChild(_case.Id, order.Attempt, found);
        Tell(command, IsAwaited(order) && _kids[order.Attempt.Execution].Running is null);
    }

    private void End(Kid kid)
    {
        _running.Remove(kid);
        var ending = kid.Running!.Ending!;
        var isAwaited = IsAwaited(kid.Order);
        if (isAwaited)
        {
            _story.Outside.Add(OutsideLine.Ended(_now, kid.Path, ending.ToString()));
        }

        var error = ending.Outcome == RunOutcome.Failed ? new TaskError(ending.Type, ending.Message, ending.Task) : null;
        Tell(
            ending.Outcome is { } outcome
                ? new WorkflowCommand.ChildEnded(_case.Id, kid.Order.Attempt, outcome, ending.Output, error, "by itself")
                : new WorkflowCommand.ChildRefused(_case.Id, kid.Order.Attempt, ending.Type, "no"),
            isAwaited);
    }

    private bool IsAwaited(ChildOrder order) =>
        _state is WorkflowState.Open && _kids.TryGetValue(order.Attempt.Execution, out var kid) && kid.Order.Attempt == order.Attempt;

    /// <summary>What is told counts once, and only if somebody waits for it.</summary>
    private void Tell(WorkflowCommand command, bool counts)
    {
        if (counts)
        {
            Promise.That(Send(command), $"{command} changes nothing");
        }

        if (!counts || _dice.Chance(_mischief.Duplicates))
        {
            ExpectNothing(command);
        }
    }

    /// <summary>The run has ended: whom it leaves behind is told.</summary>
    private void LeaveChildren(WorkflowState.Closed closed)
    {
        foreach (var left in closed.LeftChildren)
        {
            var kid = _kids[left.Attempt.Execution];
            Promise.That(left.Definition is not null && left.Close is not (null or ParentClose.Abandon), $"the child {left.ChildId} is left, and nothing is to become of it");
            if (!kid.Running!.IsTold)
            {
                Tell(kid, left.Close!.Value);
            }
        }
    }

    /// <summary>Somebody speaks of a child that never was, or that is no longer waited for.</summary>
    private void TellSomethingStale()
    {
        if (_kids.Count == 0)
        {
            return;
        }

        var real = _dice.Pick([.. _kids.Values.Select(kid => kid.Order.Attempt)]);
        AttemptId[] stale =
        [
            real with { RunId = NewId(99) },
            real with { Generation = real.Generation + 1 },
            real with { Generation = real.Generation - 1 },
            real with { Number = real.Number + 1 },
            real with { Number = real.Number - 1 },
            real with { Execution = real.Execution with { Element = real.Execution.Element + 1000 } },
            real with { Execution = real.Execution with { Iteration = real.Execution.Iteration + 1 } },
        ];
        var attempt = _dice.Pick(stale);
        ExpectNothing(new WorkflowCommand.ChildEnded(_case.Id, attempt, RunOutcome.Completed, Payload.FromString("stale"), null, null));
        ExpectNothing(new WorkflowCommand.ChildRefused(_case.Id, attempt, ErrorTypes.InvalidInput, "stale"));
        ExpectNothing(new WorkflowCommand.ResolveChild(_case.Id, attempt, null));
    }
}
