using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>
/// One run of a scenario: does what the actors would do, against a clock of its own, and keeps count. Attempts are offered in the
/// order that the run begins them; of things that fall on the same moment, reports come first.
/// </summary>
internal sealed partial class ScenarioRun(
    WorkflowPlan plan,
    WorkflowDefinition definition,
    ScenarioWorld world,
    IReadOnlyList<(TimeSpan At, Func<ScenarioRun, WorkflowCommand> Command)> commands,
    IReadOnlyList<(TimeSpan At, TimeSpan By)> clockJumps,
    double roll)
{
    public const string WorkflowId = "run";

    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Guid StartId = Guid.Parse("0197a000-0000-7000-8000-000000000002");

    public static readonly Guid RunId = Guid.Parse("0197a000-0000-7000-8000-000000000001");

    private const int CommandsAtMost = 1_000_000;

    private readonly List<WorkflowCommit> _commits = [];
    private readonly List<Execution> _started = [];
    private readonly List<Decision.Refused> _refusals = [];
    private readonly List<DecisionFault> _faults = [];
    private readonly Dictionary<TaskExecutionId, Execution> _running = [];
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

    /// <summary>What its decisions met that no rule foresees.</summary>
    public IReadOnlyList<DecisionFault> Faults => _faults;

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

    public void Play(Payload input, ParentLink? parent, ImmutableArray<DefinitionReference> companions, DateTimeOffset? startAt) =>
        Play(new WorkflowCommand.Start(WorkflowId, StartId, RunId, Reference, input) { Parent = parent, Companions = companions, StartAt = startAt });

    private void Play(WorkflowCommand.Start start)
    {
        foreach (var (at, command) in commands)
        {
            _agenda.Enqueue(new(command), (at, _sequence++));
        }

        Say(start);
        while (Next() is var (at, next))
        {
            Keep(at, next);
        }
    }

    private (TimeSpan At, Appointment Next)? Next()
    {
        if (_state is WorkflowState.Open { HasMore: true })
        {
            return (_now, Appointment.Of(new WorkflowCommand.Continue(WorkflowId)));
        }

        // What comes after the end has to be put up with.
        var due = (_state as WorkflowState.Open)?.NextDue - Epoch - ClockError;
        if (_agenda.TryPeek(out _, out var moment) && (due is null || moment.At <= due))
        {
            return (moment.At, _agenda.Dequeue());
        }

        return due is { } at ? (at, Appointment.Of(new WorkflowCommand.Tick(WorkflowId))) : null;
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
            if (_running.GetValueOrDefault(execution.Order.Attempt.Execution) == execution)
            {
                _running.Remove(execution.Order.Attempt.Execution);
            }
        }

        if (appointment.Child is { HasEnded: true })
        {
            return;
        }

        if (appointment.Child is { } child)
        {
            child.HasEnded = true;
        }

        Say(appointment.Command(this));
    }

    private void Say(WorkflowCommand command)
    {
        if (++_said > CommandsAtMost)
        {
            throw new InvalidOperationException($"The run has not ended after {CommandsAtMost:n0} commands.");
        }

        var decision = WorkflowDecider.Decide(_state, command, Epoch + _now + ClockError, roll);
        _faults.AddRange(decision.Faults);
        switch (decision)
        {
            case Decision.Accepted accepted:
                _commits.Add(accepted.Commit);
                _state = accepted.State;
                Picture();
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

        var begun = commit.Events.OfType<WorkflowEvent.AttemptsStarted>().SelectMany(e => e.Attempts).Select(start => start.Execution);
        var touched = open.Touched.OrderBy(id => id.Scope).ThenBy(id => id.Task).ThenBy(id => id.Element);
        foreach (var execution in begun.Concat(touched).Distinct().ToList())
        {
            SeeTo(open, execution);
            SeeToChild(open, execution);
        }

        _state = open.Seen();
    }

    private void SeeTo(WorkflowState.Open open, TaskExecutionId execution)
    {
        // What ran before the run was taken back, or was terminated, is no longer its concern.
        if (!_running.TryGetValue(execution, out var running) || running.Order.Attempt.Generation != open.Run.Generation)
        {
            _running.Remove(execution);
            if (open.OrderFor(execution) is { } order)
            {
                Begin(order);
            }
            else if (open.WithdrawnFor(execution) is { } withdrawn)
            {
                // Taken back before anybody had heard of it.
                var report = new WorkflowCommand.Report(WorkflowId, withdrawn.Attempt, LeaseId.None, TaskOutcome.Cancelled.Instance);
                _agenda.Enqueue(Appointment.Of(report), (_now, _sequence++));
            }
        }
        else if (open.WithdrawnFor(execution) is not null && !running.IsWithdrawn)
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
        _running.Add(order.Attempt.Execution, execution);
        execution.Answer = world.Handlers(execution);
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
            _agenda.Enqueue(new(_ => report) { Execution = execution }, (at, _sequence++));
        }
    }

    /// <summary>Something that will be said to the run; of an attempt or a child of its own, unless that has ended by then.</summary>
    private sealed record Appointment(Func<ScenarioRun, WorkflowCommand> Command)
    {
        public Execution? Execution { get; init; }

        public ChildRun? Child { get; init; }

        public static Appointment Of(WorkflowCommand command) => new(_ => command);
    }
}
