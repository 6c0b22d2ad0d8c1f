using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>
/// One run of a scenario: does what the actors would do, against a clock of its own, and keeps count. Attempts are offered in the
/// order that the run begins them; of things that fall on the same moment, reports come first.
/// </summary>
internal sealed class ScenarioRun(
    WorkflowPlan plan,
    WorkflowDefinition definition,
    Func<Execution, Answer> handlers,
    IReadOnlyList<(TimeSpan At, WorkflowCommand Command)> commands,
    IReadOnlyList<(TimeSpan At, TimeSpan By)> clockJumps,
    double roll)
{
    public const string WorkflowId = "run";

    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Guid RunId = Guid.Parse("0197a000-0000-7000-8000-000000000001");

    private const int CommandsAtMost = 1_000_000;

    private readonly List<WorkflowCommit> _commits = [];
    private readonly List<Execution> _started = [];
    private readonly List<Decision.Refused> _refusals = [];
    private readonly Dictionary<BodyId, Execution> _running = [];
    private readonly PriorityQueue<Appointment, (TimeSpan At, int Sequence)> _agenda = new();
    private WorkflowState _state = WorkflowState.Initial(plan);
    private TimeSpan _now;
    private int _sequence;
    private long _leases;
    private int _said;

    public DefinitionReference Reference { get; } = new(definition.Name, definition.Version, "hash");

    /// <summary>Every start of a handler, in order.</summary>
    public IReadOnlyList<Execution> Started => _started;

    /// <summary>The paths of every start, in order.</summary>
    public IEnumerable<string> Paths => _started.Select(execution => execution.Path);

    /// <summary>path:attempt of every start, in order.</summary>
    public IEnumerable<string> Attempts => _started.Select(execution => execution.ToString());

    public IReadOnlyList<WorkflowCommit> Commits => _commits;

    public IEnumerable<WorkflowEvent> Events => _commits.SelectMany(commit => commit.Events);

    public IReadOnlyList<Decision.Refused> Refusals => _refusals;

    public WorkflowState State => _state;

    public bool IsClosed => _state is WorkflowState.Closed;

    public WorkflowState.Closed End => Assert.IsType<WorkflowState.Closed>(_state);

    public RunOutcome Outcome => End.Outcome;

    /// <summary>The result as JSON.</summary>
    public string Output => End.Output.ToString();

    public TaskError Error => Assert.IsType<TaskError>(End.Error);

    /// <summary>How long the run took.</summary>
    public TimeSpan Took => End.ClosedAt - Epoch;

    public int CountOf(string path) => _started.Count(execution => execution.Path == path);

    public Execution First(string path) => _started.First(execution => execution.Path == path);

    /// <summary>When the attempts of a path were offered, from the start of the run.</summary>
    public IEnumerable<TimeSpan> Times(string path) => _started.Where(execution => execution.Path == path).Select(execution => execution.At);

    /// <summary>How much the node's clock is ahead of what it should show.</summary>
    private TimeSpan ClockError => clockJumps.Where(jump => jump.At <= _now).Aggregate(TimeSpan.Zero, (sum, jump) => sum + jump.By);

    /// <summary>What the run would make of a command now; nothing is recorded.</summary>
    public Decision Ask(WorkflowCommand command) => WorkflowDecider.Decide(_state, command, Epoch + _now + ClockError, roll);

    public void Play(Payload input)
    {
        foreach (var (at, command) in commands)
        {
            _agenda.Enqueue(new(command, null), (at, _sequence++));
        }

        Say(new WorkflowCommand.Start(WorkflowId, Guid.Parse("0197a000-0000-7000-8000-000000000002"), RunId, Reference, input));
        while (_state is WorkflowState.Open open && Next(open) is var (at, next))
        {
            Keep(at, next);
        }

        // What comes after the end has to be put up with.
        while (_agenda.TryDequeue(out var late, out var moment))
        {
            Keep(moment.At, late);
        }
    }

    /// <summary>The commits alone have to lead to the same end.</summary>
    public void CheckReplay()
    {
        var replayed = _commits.Aggregate(WorkflowState.Initial(plan), WorkflowDecider.Evolve);
        Assert.Equal(_state.GetType(), replayed.GetType());
        if ((_state, replayed) is (WorkflowState.Closed live, WorkflowState.Closed again))
        {
            Assert.Equal(
                (live.Outcome, live.Output, live.Error, live.Reason, live.ClosedAt), (again.Outcome, again.Output, again.Error, again.Reason, again.ClosedAt));
            Assert.Equal(live.Failures, again.Failures);
        }
    }

    private (TimeSpan At, Appointment Next)? Next(WorkflowState.Open open)
    {
        if (open.HasMore)
        {
            return (_now, new(new WorkflowCommand.Continue(WorkflowId), null));
        }

        var due = open.NextDue - Epoch - ClockError;
        if (_agenda.TryPeek(out _, out var moment) && (due is null || moment.At <= due))
        {
            return (moment.At, _agenda.Dequeue());
        }

        return due is { } at ? (at, new(new WorkflowCommand.Tick(WorkflowId), null)) : null;
    }

    private void Keep(TimeSpan at, Appointment appointment)
    {
        _now = at > _now ? at : _now;
        if (appointment.Execution is { } execution)
        {
            // An attempt that was cancelled never comes to its own end.
            if (execution.EndedAt is not null && !execution.Answer.IsReportedTwice)
            {
                return;
            }

            execution.EndedAt ??= _now;
            if (_running.GetValueOrDefault(execution.Order.Attempt.Body) == execution)
            {
                _running.Remove(execution.Order.Attempt.Body);
            }
        }

        Say(appointment.Command);
    }

    private void Say(WorkflowCommand command)
    {
        if (++_said > CommandsAtMost)
        {
            throw new InvalidOperationException($"The run has not ended after {CommandsAtMost:n0} commands.");
        }

        switch (WorkflowDecider.Decide(_state, command, Epoch + _now + ClockError, roll))
        {
            case Decision.Accepted accepted:
                _commits.Add(accepted.Commit);
                _state = accepted.State;
                SeeTo(accepted.Commit);
                break;
            case Decision.Refused refused:
                _refusals.Add(refused);
                break;
            default:
                break;
        }
    }

    private void SeeTo(WorkflowCommit commit)
    {
        if (_state is not WorkflowState.Open open)
        {
            return;
        }

        var begun = commit.Events.OfType<WorkflowEvent.AttemptsStarted>().SelectMany(e => e.Attempts).Select(start => start.Body);
        foreach (var body in begun.Concat(open.Touched).Distinct().ToList())
        {
            SeeTo(open, body);
        }

        _state = open.Seen();
    }

    private void SeeTo(WorkflowState.Open open, BodyId body)
    {
        if (!_running.TryGetValue(body, out var running))
        {
            if (open.OrderFor(body) is { } order)
            {
                Begin(order);
            }
            else if (open.WithdrawnFor(body) is { } withdrawn)
            {
                // Taken back before anybody had heard of it.
                var report = new WorkflowCommand.Report(WorkflowId, withdrawn.Attempt, LeaseId.None, TaskOutcome.Cancelled.Instance);
                _agenda.Enqueue(new(report, null), (_now, _sequence++));
            }
        }
        else if (open.WithdrawnFor(body) is not null && !running.IsWithdrawn)
        {
            running.IsWithdrawn = true;
            if (running.Answer.WhenWithdrawn is { } outcome)
            {
                Report(running, outcome, _now);
            }
        }
    }

    private void Begin(TaskOrder order)
    {
        var execution = new Execution(order, new(1, ++_leases), _now);
        _started.Add(execution);
        _running.Add(order.Attempt.Body, execution);
        execution.Answer = handlers(execution);
        var begun = _now + execution.Answer.Queued;
        if (order.Heartbeat is { } heartbeat && execution.Answer.IsSilent && heartbeat <= order.Timeout && execution.Answer.Takes > heartbeat)
        {
            Report(execution, Failed(ErrorTypes.HeartbeatTimedOut), begun + heartbeat);
        }
        else if (execution.Answer.Takes > order.Timeout)
        {
            Report(execution, Failed(ErrorTypes.TimedOut), begun + order.Timeout);
        }
        else if (execution.Answer.Outcome is { } outcome)
        {
            Report(execution, outcome, begun + execution.Answer.Takes);
        }
    }

    private static TaskOutcome.Failed Failed(string type) => new(type, "from the worker", true, null);

    private void Report(Execution execution, TaskOutcome outcome, TimeSpan at)
    {
        var report = new WorkflowCommand.Report(WorkflowId, execution.Order.Attempt, execution.Lease, outcome);
        for (var i = 0; i < (execution.Answer.IsReportedTwice ? 2 : 1); i++)
        {
            _agenda.Enqueue(new(report, execution), (at, _sequence++));
        }
    }

    /// <summary>Something that will be said to the run; of an attempt of its own, unless that has ended by then.</summary>
    private sealed record Appointment(WorkflowCommand Command, Execution? Execution);
}
