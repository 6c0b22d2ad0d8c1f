using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>The workers: which attempts they have, when each ends.</summary>
internal sealed partial class Driver
{
    private readonly Dictionary<TaskExecutionId, Lease> _leases = [];

    private HashSet<TaskExecutionId> _lastTouched = [];
    private int _attemptsStarted;
    private long _leasesGiven;

    /// <summary>An attempt in the hands of a worker.</summary>
    private sealed record Lease(AttemptId Attempt, RunningHandler Handler, TaskOrder? Order)
    {
        public required LeaseId Id { get; set; }

        /// <summary>Former hand-outs of the same attempt.</summary>
        public List<LeaseId> Lost { get; } = [];
    }

    private Lease? NextToEnd() => _leases.Values.MinBy(lease => (lease.Handler.EndsAt, lease.Handler.Sequence));

    /// <summary>Does what the state says is owed, looking at nothing but what was touched.</summary>
    private void SeeToEffects(WorkflowCommit? commit)
    {
        var open = (WorkflowState.Open)_state;
        var started = commit?.Events.OfType<AttemptsStarted>().SelectMany(e => e.Attempts).Select(start => start.Execution).ToList() ?? [];
        var touched = _lastTouched = [.. commit is null ? open.Touched.Union(open.Outstanding).Union(open.Children).Union(_leases.Keys).Union(_kids.Keys) : open.Touched];
        Promise.That(started.TrueForAll(touched.Contains), "an attempt was started, but its execution is not among the touched");
        var others = touched.Except(started).OrderBy(execution => (execution.Scope, execution.Task, execution.Element));
        var wasTakenBack = commit?.Events.Any(e => e is Rewound) == true;

        // What goes on from a checkpoint does so before anything new begins.
        foreach (var execution in wasTakenBack ? others.Concat(started) : started.Concat(others))
        {
            SeeTo(open, execution);
            SeeToChild(open, execution);
        }

        Promise.That(_kids.Keys.ToHashSet().SetEquals(open.Children), "what was touched does not lead to the children that are waited for");
        Promise.That(_leases.Keys.ToHashSet().SetEquals(open.Outstanding), "what was touched does not lead to what is outstanding");
        _state = open.Seen();
        Promise.That(!((WorkflowState.Open)_state).Touched.Any(), "what was seen to is still touched");
    }

    private void SeeTo(WorkflowState.Open open, TaskExecutionId execution)
    {
        if (open.OrderFor(execution) is { } order)
        {
            if (!_leases.TryGetValue(execution, out var lease) || lease.Attempt != order.Attempt)
            {
                Begin(execution, order);
            }
            else
            {
                Promise.That(lease.Order == order, $"the order for {order.Path} has changed");
            }
        }
        else if (open.WithdrawnFor(execution) is { } withdrawn)
        {
            Withdraw(open, execution, withdrawn.Attempt);
        }
        else
        {
            _leases.Remove(execution);
        }
    }

    private void Begin(TaskExecutionId execution, TaskOrder order)
    {
        var number = order.Attempt.Number;
        var handler = new RunningHandler(_case.World, order.Path, number, order.Input, order.Timeout, _now, _attemptsStarted++);
        _leases[execution] = new(order.Attempt, handler, order) { Id = NextLease() };
        _story.Attempts.Add(new(_now, order.Path, number, order.Handler, order.Input));
    }

    private void Withdraw(WorkflowState.Open open, TaskExecutionId execution, AttemptId attempt)
    {
        if (!_leases.TryGetValue(execution, out var lease) || lease.Attempt != attempt)
        {
            // Started and taken back by one decision: no worker ever hears of it.
            var run = open.Run;
            var (path, input, timeout) = (run.PathOf(execution), run.Get(execution).Input!, run.UsesOf(execution).Timeout);
            var handler = new RunningHandler(_case.World, path, attempt.Number, input, timeout, _now, _attemptsStarted++);
            lease = _leases[execution] = new(attempt, handler, null) { Id = NextLease() };
        }

        if (!lease.Handler.IsWithdrawn)
        {
            lease.Handler.Withdraw(_now);
        }

        if (lease.Handler.NeverBegan)
        {
            _story.Attempts.RemoveAll(line => line.At == _now && line.Path == lease.Handler.Path && line.Attempt == lease.Handler.Attempt);
        }
    }

    private LeaseId NextLease() => new(1, ++_leasesGiven);

    private void Deliver(Lease lease)
    {
        // A success counts even if it comes from a worker that was thought lost.
        var fromLost = lease.Handler.Outcome is TaskOutcome.Succeeded && lease.Lost.Count > 0 && _dice.Chance(50);
        var report = ReportOf(lease.Attempt, fromLost ? _dice.Pick(lease.Lost) : lease.Id, lease.Handler.Outcome);
        Promise.That(Send(report), $"the result of {lease.Handler.Path} changes nothing");
        if (_dice.Chance(_mischief.Duplicates))
        {
            ExpectNothing(report);
        }
    }
}
