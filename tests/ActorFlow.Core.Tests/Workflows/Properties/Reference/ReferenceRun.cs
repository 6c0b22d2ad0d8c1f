using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>
/// The workflow language, executed slowly and obviously, in virtual time. Nothing is kept that can be found by looking: at every
/// step it looks at the whole run for the first thing that can happen, and lets it happen; when nothing can, time moves on to the
/// next moment at which something does.
/// <para>
/// The language leaves open what comes first among things of one instant. Here, as in the engine: what falls due; tasks that can be
/// decided and scopes that have settled; signals (by name); executions that need no worker; attempts. Within these by scope (older first), file order, index;
/// attempts by priority first.
/// </para>
/// </summary>
internal sealed partial class ReferenceRun
{
    private readonly List<Scope> _scopes = [];
    private readonly List<RunningHandler> _handlers = [];
    private readonly Dictionary<RunningHandler, Work> _workOf = [];
    private readonly Dictionary<TaskDefinition, int> _fileOrder = new(ReferenceEqualityComparer.Instance);
    private RunStory _story = new();

    private DateTimeOffset _now = World.Start;
    private bool _ended;
    private int _scopesOpened;
    private int _attemptsStarted;
    private bool _paused;
    private int _steps;

    /// <summary>Something that comes from outside.</summary>
    private sealed record OutsideEvent(DateTimeOffset At, Action Happens)
    {
        public bool IsSignal { get; init; }
    }

    private ReferenceRun(RunCase @case)
    {
        Case = @case;
        NumberTasks(Definition.Tasks);
    }

    public RunCase Case { get; private set; }

    private WorkflowDefinition Definition => Case.Definition;

    private Scope Root => _scopes[0];

    /// <summary>What becomes of a case, as the language has it.</summary>
    public static RunStory Tell(RunCase @case)
    {
        var run = Begin(@case);
        while (run.Step())
        {
        }

        return run._story;
    }

    private static ReferenceRun Begin(RunCase @case)
    {
        var run = new ReferenceRun(@case);
        run.Open(null, @case.Definition.Tasks, @case.Definition.Output, @case.Definition.Timeout);
        return run;
    }

    /// <returns>Whether there was anything left to do.</returns>
    private bool Step()
    {
        if (_ended && NextAct is null)
        {
            return false;
        }

        _steps++;
        if (_ended)
        {
            Act();
        }
        else if (!(LetTimePass() || DecideSomething() || DeliverASignal() || (!_paused && StartSomething())))
        {
            NameCheckpoints();
            MoveOn();
        }

        return true;
    }

    /// <summary>Rule 33: what a pause holds back.</summary>
    private bool StartSomething() => BeginSomething() || CompensateSomething() || OfferAnAttempt();

    private void NumberTasks(IEnumerable<TaskDefinition> tasks)
    {
        foreach (var task in tasks)
        {
            _fileOrder.Add(task, _fileOrder.Count);
            NumberTasks(task.Kind is TaskKind.Group group ? group.Tasks : []);
        }
    }

    private Scope Open(Execution? owner, IEnumerable<TaskDefinition> tasks, Payload? output, TimeSpan? timeout)
    {
        var scope = new Scope(_scopesOpened++, owner, tasks, output) { TimeoutAt = _now + timeout };
        _scopes.Add(scope);
        return scope;
    }

    /// <summary>Nothing more can happen now: the next moment is that of a timer, or of something that comes from outside.</summary>
    private void MoveOn()
    {
        var timer = Timers().Select(timer => timer.At).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var outside = OutsideEvents().MinBy(outside => outside.At);
        if (timer <= (outside?.At ?? DateTimeOffset.MaxValue))
        {
            _now = _lastProgress = timer == DateTimeOffset.MaxValue ? throw new InvalidOperationException("The reference is stuck.") : timer;
        }
        else
        {
            _now = outside!.At;
            _lastProgress = outside.IsSignal ? _lastProgress : _now;
            outside.Happens();
        }
    }

    private IEnumerable<OutsideEvent> OutsideEvents()
    {
        var handler = _handlers.MinBy(handler => (handler.EndsAt, handler.Sequence));
        List<OutsideEvent> all = [.. _agenda, .. ChildrenEnding()];
        if (handler is not null)
        {
            all.Add(new(handler.EndsAt, () => HandlerEnded(handler)));
        }

        // While nothing else can ever happen, signals go on coming: but not for ever.
        if (Case.World.Signal(_signalsSent, Case.SignalNames) is { } signal && signal.At - _lastProgress < LongestSilence)
        {
            // One that was sent while the run could not be told anything, because it had ended, comes now.
            all.Add(new(signal.At < _now ? _now : signal.At, () => Receive(signal)) { IsSignal = true });
        }

        if (NextAct is { } act)
        {
            all.Add(new(act.At < _now ? _now : act.At, Act));
        }

        return all.Concat(Steering().Where(steering => steering.At > _now && steering.At < DateTimeOffset.MaxValue));
    }

    private IEnumerable<OutsideEvent> Steering() =>
        [new(Case.PausedAt, () => _paused = _rewinding is null), new(Case.ResumedAt, () => _paused = false), new(Case.InterruptedAt, Interrupt)];

    private void Interrupt()
    {
        if (Case.Interruption == Interruption.Terminate)
        {
            LeaveChildren();
            End("terminated", reason: RunCase.Reason);
        }
        else if (_rewinding is null)
        {
            // A further cancel, or one while the run fails, changes nothing, but that a pause is over.
            _paused = false;
            Stop(Root, null, RunCase.Reason);
        }
    }

    private void End(string outcome, Payload? output = null, Problem? problem = null, string? reason = null)
    {
        (_ended, _rewinding) = (true, null);
        _namesDue.Clear();
        _story.Kept.Clear();
        _story.Tasks.Clear();
        _story.Outcome = outcome;
        _story.Output = output ?? Payload.Null;
        _story.Error = problem is null ? null : $"{problem.Task}: {FailureLine.TextOf(problem.Type, problem.Message)}";
        _story.Reason = reason;
        _story.ClosedAt = _now;
        _story.Outside.Add(OutsideLine.Ends(_now, _story));
        _story.Kept.AddRange(_signals.Select(signal => signal.Message).OrderBy(signal => signal.Name, StringComparer.Ordinal).Select(signal => $"{signal.Name} {signal.Payload}"));
        _story.Tasks.AddRange(Root.Tasks.Select(task => $"{task.Definition.Id} {task.Status.ToString().ToLowerInvariant()} {task.Attempts} {task.Problem?.Type}"));
    }

    private static Payload Value(Payload template, IExpressionScope view, string origin) => Template.Parse(template).Evaluate(view, origin).Value;

    private static Payload Value(string template, IExpressionScope view, string origin) => Template.ParseText(template).Evaluate(view, origin).Value;

    private static bool IsTrue(string condition, IExpressionScope view, string origin) => Template.ParseCondition(condition).IsTrue(view, origin);
}
