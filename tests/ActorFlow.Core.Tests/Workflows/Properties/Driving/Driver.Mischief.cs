using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>What goes wrong on the way, and must not matter.</summary>
internal sealed partial class Driver
{
    // A look at everything takes too long in runs that are large.
    private const int MostElementsPictured = 1_000;
    private const int FewerLossesThanPoison = Limits.LossesInARow - 2;

    private static readonly TaskOutcome[] Outcomes =
    [
        new TaskOutcome.Succeeded(Payload.FromString("stale")),
        new TaskOutcome.Failed("Stale", "stale", true, null),
        new TaskOutcome.Failed("Stale", "stale", false, null),
        TaskOutcome.Cancelled.Instance,
        TaskOutcome.Abandoned.Instance,
        TaskOutcome.Released.Instance,
        TaskOutcome.Lost.Instance,
    ];

    // An attempt that nobody withdrew did not end by being cancelled: it is offered again.
    private static readonly TaskOutcome[] GivenBack = [TaskOutcome.Released.Instance, TaskOutcome.Cancelled.Instance];

    private readonly List<AttemptId> _attemptsEver = [];

    private (int Commits, RunImage Image)? _checkpoint;

    private void Disturb()
    {
        if (_mischief.StaleReports > 0)
        {
            _attemptsEver.AddRange(_leases.Values.Select(lease => lease.Attempt).Except(_attemptsEver));
            if (_attemptsEver.Count > 0 && _dice.Chance(_mischief.StaleReports))
            {
                ReportSomethingStale();
            }

            if (_dice.Chance(_mischief.StaleReports))
            {
                TellSomethingStale();
            }
        }

        var held = _leases.Values.Where(lease => !lease.Handler.IsWithdrawn && lease.Handler.StartedAt < _now && lease.Lost.Count < FewerLossesThanPoison).ToList();
        if (held.Count > 0 && _dice.Chance(_mischief.LostWorkers))
        {
            Lose(_dice.Pick(held));
        }
    }

    private void ReportSomethingStale()
    {
        var real = _dice.Pick(_attemptsEver);
        AttemptId[] stale =
        [
            real with { RunId = NewId(99) },
            real with { Generation = real.Generation + 1 },
            real with { Number = real.Number + 1 },
            real with { Number = real.Number - 1 },
            real with { Execution = real.Execution with { Scope = real.Execution.Scope + 1000 } },
            real with { Execution = real.Execution with { Task = real.Execution.Task + 1000 } },
            real with { Execution = real.Execution with { Element = real.Execution.Element + 1000 } },
            real with { Execution = real.Execution with { Iteration = real.Execution.Iteration + 1 } },
            real with { Execution = real.Execution with { Iteration = real.Execution.Iteration - 1 } },
            real,
        ];
        var attempt = _dice.Pick(stale);
        if (!_leases.Values.Any(lease => lease.Attempt == attempt))
        {
            ExpectNothing(ReportOf(attempt, NextLease(), _dice.Pick(Outcomes)));
        }
    }

    /// <summary>The worker goes; another takes over and, for all that the run can tell, is just as far.</summary>
    private void Lose(Lease lease)
    {
        // What a lost worker had done nobody knows: withdrawn later, the attempt is compensated, which the reference knows nothing of.
        var loss = lease.Handler.WouldEndWithoutEffect ? _dice.Pick(GivenBack) : TaskOutcome.Lost.Instance;
        var lost = lease.Id;
        Promise.That(Send(ReportOf(lease.Attempt, lost, loss)), "a loss is not recorded");
        Promise.That(_state is WorkflowState.Open open && open.OrderFor(lease.Attempt.Execution) is not null, "a lost attempt is not offered again");
        Promise.That(_lastTouched.Contains(lease.Attempt.Execution), "an attempt was lost, but its execution is not among the touched");
        lease.Lost.Add(lost);
        lease.Id = NextLease();
        foreach (var outcome in Outcomes.Where(outcome => outcome is not TaskOutcome.Succeeded))
        {
            ExpectNothing(ReportOf(lease.Attempt, lost, outcome));
        }
    }

    private void ExpectNothing(WorkflowCommand report)
    {
        if (_state is WorkflowState.Open { HasMore: true })
        {
            return;
        }

        var decision = WorkflowDecider.Decide(_state, report, _now, NoJitter);
        Promise.That(ReferenceEquals(decision, Decision.Nothing), $"a report that does not count led to {decision}: {report}");
    }

    /// <summary>A new incarnation reads the journal, and is owed the same as the one before.</summary>
    private void Crash()
    {
        if (_state is not WorkflowState.Open before)
        {
            return;
        }

        _state = Recovered();
        var after = _state as WorkflowState.Open ?? throw new BrokenPromiseException("an open run is closed after recovery");
        Promise.That(after.Outstanding.ToHashSet().SetEquals(before.Outstanding), "other attempts are outstanding after recovery");
        Promise.That(after.Outstanding.All(execution => after.OrderFor(execution) == before.OrderFor(execution)), "an order differs after recovery");
        Promise.That(after.Outstanding.All(execution => after.WithdrawnFor(execution) == before.WithdrawnFor(execution)), "a withdrawal differs after recovery");
        Promise.That(after.Children.ToHashSet().SetEquals(before.Children), "other children are waited for after recovery");
        Promise.That(after.Questions.Select(question => question.ToString()).SequenceEqual(before.Questions.Select(question => question.ToString())), "other questions are open after recovery");
        Promise.That(after.NextDue == before.NextDue && after.HasMore == before.HasMore, "something else is due after recovery");
        if (_mischief.RestartsHandlers)
        {
            foreach (var (execution, lease) in _leases.Where(lease => lease.Value.Order is not null))
            {
                var order = lease.Order!;
                _leases[execution] = lease with { Handler = new(_case.World, order.Path, order.Attempt.Number, order.Input, order.Timeout, _now, _attemptsStarted++) };
            }
        }

        SeeToEffects(null);
    }

    private WorkflowState Recovered()
    {
        var (from, start) = _checkpoint is { } checkpoint && _dice.Chance(80)
            ? (checkpoint.Commits, WorkflowState.Of(_plan, checkpoint.Image))
            : (0, WorkflowState.Initial(_plan));
        return _journal.Skip(from).Aggregate(start, WorkflowDecider.Evolve);
    }

    /// <summary>What a checkpoint would keep has to be the whole of the state, after every write.</summary>
    private void Picture()
    {
        if (_state is not WorkflowState.Open open || open.Run.Quota.Elements > MostElementsPictured)
        {
            return;
        }

        var image = open.ToImage();
        var (live, pictured) = (StateText.Of(_state), StateText.Of(WorkflowState.Of(_plan, image)));
        Promise.That(live == pictured, $"live state and image differ after {_journal[^1].Events[^1]}:\n{StateText.Difference(live, pictured)}");
        Remember(image);
        if (_dice.Chance(_mischief.Checkpoints))
        {
            _checkpoint = (_journal.Count, image);
        }
    }
}
