using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>What a run has recorded of signals, people and children: each wait ends once, and no signal gets lost.</summary>
internal sealed partial class RunRecord
{
    private readonly List<(List<KeptSignal> Kept, int Received, Dictionary<string, string> Waits)> _after = [];

    private Dictionary<string, string> _waits = [];

    private List<KeptSignal> _kept = [];
    private int _received;

    private sealed record KeptSignal(int Number, string Name, Payload Payload);

    private void AddOutside(DateTimeOffset at, RunState? run, WorkflowEvent @event)
    {
        switch (@event)
        {
            case SignalReceived e:
                _kept.Add(new(_received++, e.Name, e.Payload));
                break;
            case SignalAwaited e:
                BeginWait(run!, e.Execution, "signal");
                break;
            case QuestionAsked e:
                BeginWait(run!, e.Execution, "person");
                story.Outside.Add(OutsideLine.Asked(at, run!.PathOf(e.Execution), e.Prompt, e.Options, e.Assignees));
                break;
            case ChildRequested e:
                BeginWait(run!, e.Execution, "child");
                story.Outside.Add(OutsideLine.Asks(at, run!.PathOf(e.Execution), e.ChildId, e.Input));
                break;
            case ChildResolved e:
                story.Outside.Add(OutsideLine.Starts(at, run!.PathOf(e.Execution), $"{e.Definition.Name}@{e.Definition.Version}"));
                break;
            case TaskExecutionCompleted e:
                Consume(at, run!, e);
                TellDefault(at, run!, e);
                EndWait(run!, e.Execution);
                break;
            case TaskExecutionFailed e when e.Execution.Scope != RunState.CompensationScope:
                TellTimeout(at, run!, e.Execution);
                EndWait(run!, e.Execution);
                break;
            case TaskExecutionCancelled e:
                EndWait(run!, e.Execution);
                break;
            case Rewound e:
                GoBack(e.To);
                break;
            case Reopened:
                _waits.Clear();
                break;
        }

        var begins = @event is AttemptsStarted or GroupOpened or DelayStarted or SignalAwaited or QuestionAsked or ChildRequested;
        Promise.That(!(begins && run!.Paused), $"{@event} in a pause");
    }

    private void BeginWait(RunState run, TaskExecutionId execution, string what)
    {
        CheckScope(run.Scopes[execution.Scope]);
        Promise.That(_waits.TryAdd(run.PathOf(execution), what), $"{run.PathOf(execution)} waits twice");
    }

    private void EndWait(RunState run, TaskExecutionId execution)
    {
        if (Phase(run, execution) is TaskExecutionPhase.AwaitingSignal or TaskExecutionPhase.AwaitingAnswer or TaskExecutionPhase.AwaitingChild)
        {
            var path = run.PathOf(execution);
            Promise.That(_waits.TryGetValue(path, out var what) && what.Length > 0, $"the wait of {path} ended twice, or before it began");
            _waits[path] = string.Empty;
        }
    }

    private void TellDefault(DateTimeOffset at, RunState run, TaskExecutionCompleted e)
    {
        if (Phase(run, e.Execution) == TaskExecutionPhase.AwaitingAnswer && e.Output.ToString().EndsWith("\"timedOut\":true}", StringComparison.Ordinal))
        {
            story.Outside.Add(OutsideLine.TimedOut(at, run.PathOf(e.Execution), hasDefault: true));
        }
    }

    private void TellTimeout(DateTimeOffset at, RunState run, TaskExecutionId execution)
    {
        if (Phase(run, execution) is TaskExecutionPhase.AwaitingSignal or TaskExecutionPhase.AwaitingAnswer)
        {
            story.Outside.Add(OutsideLine.TimedOut(at, run.PathOf(execution), hasDefault: false));
        }
    }

    private static TaskExecutionPhase? Phase(RunState run, TaskExecutionId execution) => execution.Scope == RunState.CompensationScope ? null : run.Get(execution).Phase;

    /// <summary>A wait for a signal takes the oldest of its name, whole.</summary>
    private void Consume(DateTimeOffset at, RunState run, TaskExecutionCompleted e)
    {
        if (Phase(run, e.Execution) != TaskExecutionPhase.AwaitingSignal)
        {
            return;
        }

        var (path, name) = (run.PathOf(e.Execution), ((TaskExecutionPlan.Signal)run.PlanOf(e.Execution).Execution).Name);
        var oldest = _kept.Find(signal => signal.Name == name);
        Promise.That(oldest is not null && oldest.Payload.Equals(e.Output), $"{path} took a signal that is not the oldest of the name '{name}'");
        _kept.Remove(oldest!);
        story.Outside.Add(OutsideLine.Taken(at, path, name, e.Output));
    }

    /// <summary>What is void does not consume; what came since and is still there stays.</summary>
    private void GoBack(long to)
    {
        var (kept, received, waits) = _after[(int)to - 1];
        _kept = [.. kept, .. _kept.Where(signal => signal.Number >= received)];

        // Children begin again; who waits for a signal or a person goes on waiting.
        _waits = waits.Where(wait => wait.Value != "child").ToDictionary();
    }

    /// <summary>A signal that was acknowledged is consumed or still there.</summary>
    private void KeepSignals(WorkflowState state)
    {
        _after.Add(([.. _kept], _received, new(_waits)));
        var run = state switch
        {
            WorkflowState.Open open => open.Run,
            WorkflowState.Closed closed => closed.Run,
            _ => null,
        };
        var held = run?.Signals.InOrder.Select(signal => (signal.Name, signal.Payload)).OrderBy(signal => signal.Name, StringComparer.Ordinal) ?? Enumerable.Empty<(string, Payload)>();
        Promise.That(
            held.SequenceEqual(_kept.Select(signal => (signal.Name, signal.Payload)).OrderBy(signal => signal.Name, StringComparer.Ordinal)),
            "a signal has been lost, or is there twice");
        Promise.That(run is null || run.Signals.Count == _kept.Count, "signals are counted wrongly");
    }
}
