namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What people do to a run: named checkpoints, going back to one, retrying, and what of it is refused.</summary>
internal sealed partial class ReferenceRun
{
    private readonly List<Named> _named = [];

    /// <summary>Paths of tasks that have settled in this instant, and say <c>checkpoint: true</c>.</summary>
    private readonly List<string> _namesDue = [];

    private int _actsDone;
    private Named? _rewinding;

    /// <summary>A checkpoint: the run as it stood after so many steps, which are always the same.</summary>
    private sealed record Named(int Steps, DateTimeOffset At, bool IsCompensating);

    private SteeringAct? NextAct => _actsDone < Case.Acts.Count ? Case.Acts[_actsDone] : null;

    /// <summary>Nothing more happens in this instant: that is what the checkpoints of its tasks hold.</summary>
    private void NameCheckpoints()
    {
        foreach (var name in _namesDue)
        {
            Name(name, _steps - 1);
        }

        _namesDue.Clear();
    }

    private void Name(string name, int steps)
    {
        _named.Add(new(steps, _now, _compensating));
        _story.Outside.Add(OutsideLine.Named(_now, name));
    }

    private void Act()
    {
        var act = NextAct!;
        _actsDone++;
        _now = act.At > _now ? act.At : _now;
        var stands = WhereItStands();
        var answer = act switch
        {
            SteeringAct.Checkpoint checkpoint => TakeCheckpoint(checkpoint.Name),
            SteeringAct.Retry retry => Retry(retry.From),
            SteeringAct.Rewind rewind => _named.Count == 0 ? "nowhere" : Rewind(_named[rewind.Choice % _named.Count]),
            SteeringAct.Fork fork => _named.Count == 0 ? "nowhere" : Fork(_named[fork.Choice % _named.Count], fork),
            _ => throw new InvalidOperationException($"There is no {act}."),
        };
        _story.Outside.Add(OutsideLine.Done(_now, act, stands, answer));
    }

    private string WhereItStands() =>
        _ended ? _story.Outcome
        : _rewinding is not null ? "rewinding"
        : _compensating ? "compensating"
        : Root.IsStopped ? "stopping"
        : _paused ? "paused"
        : "open";

    private string TakeCheckpoint(string name)
    {
        var refused = _ended ? "closed" : _rewinding is not null ? "rewinding" : name.Length == 0 ? "bad-name" : null;
        if (refused is null)
        {
            Name(name, _steps);
        }

        return refused ?? "done";
    }

    private string Rewind(Named to)
    {
        if (_rewinding is not null)
        {
            return "rewinding";
        }

        if (WhyNotOpenAgain() is { } refused)
        {
            return refused;
        }

        if (_ended)
        {
            TakeBack(to);
        }
        else
        {
            (_paused, _rewinding) = (false, to);
            Stop(Root, null, null);
        }

        return "done";
    }

    private string? WhyNotOpenAgain() => _ended && Case is { Depth: not null, IsLeft: false } ? "consumed" : _compensating ? "compensated" : null;

    private string Retry(string? from)
    {
        var refused = !_ended ? "not-closed"
            : WhyNotOpenAgain() is { } why ? why
            : _story.Outcome == "terminated" ? "terminated"
            : from is null && _story.Outcome != "failed" ? "not-failed"
            : from is not null && !Root.Tasks.Exists(task => task.Definition.Id == from) ? "task-not-found"
            : null;
        if (refused is not null)
        {
            return refused;
        }

        OpenAgain();
        _story.Failures.Clear();
        if (from is not null)
        {
            foreach (var task in Downstream(Root.Find(from)))
            {
                // As if it had never run; how often it was started is still told.
                (task.Status, task.Output, task.Problem, task.Items, task.Executions) = (Status.Cancelled, null, null, null, []);
            }
        }

        Revive(Root, Definition.Timeout);
        return "done";
    }

    private void OpenAgain()
    {
        (_ended, _paused, _rewinding) = (false, false, null);

        // What people said while the run had ended was refused.
        _agenda.RemoveAll(planned => planned.At <= _now);
    }

    private static HashSet<TaskNode> Downstream(TaskNode from)
    {
        var found = new HashSet<TaskNode> { from };
        while (from.Scope.Tasks.Find(task => !found.Contains(task) && task.Definition.Needs.Any(need => found.Contains(from.Scope.Find(need.Task)))) is { } next)
        {
            found.Add(next);
        }

        return found;
    }

    /// <summary>What completed, was skipped, or failed and may, stays as it is. Timeouts begin anew.</summary>
    private void Revive(Scope scope, TimeSpan? timeout)
    {
        (scope.IsStopped, scope.Problem, scope.TimeoutAt) = (false, null, _now + timeout);
        foreach (var task in scope.Tasks.Where(task => task.Status == Status.Cancelled || (task.Status == Status.Failed && task.FailsScope)))
        {
            (task.Status, task.Problem) = (task.Executions.Count == 0 ? Status.Pending : Status.Running, null);
            foreach (var execution in task.Executions.Where(execution => execution.Phase == TaskExecutionPhase.Cancelled || (execution.Phase == TaskExecutionPhase.Failed && task.FailsScope)))
            {
                Revive(execution);
            }
        }
    }

    private void Revive(Execution execution)
    {
        (execution.Problem, execution.Work, execution.Child, execution.TimeoutAt, execution.StartedBefore) = (null, null, null, null, execution.Started);
        execution.Phase = execution.Inner is null ? TaskExecutionPhase.Ready : TaskExecutionPhase.Open;
        if (execution.Inner is { } inner)
        {
            _scopes.Insert(_scopes.FindIndex(scope => scope.Number > inner.Number) is var at and >= 0 ? at : _scopes.Count, inner);
            Revive(inner, execution.Task.Definition.Timeout);
        }
    }
}
