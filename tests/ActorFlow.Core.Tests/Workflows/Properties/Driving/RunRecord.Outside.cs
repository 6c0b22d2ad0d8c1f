using ActorFlow.Core.Payloads;
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
                BeginWait(run!, e.Body, "signal");
                break;
            case QuestionAsked e:
                BeginWait(run!, e.Body, "person");
                story.Outside.Add(OutsideLine.Asked(at, run!.PathOf(e.Body), e.Prompt, e.Options, e.Assignees));
                break;
            case ChildRequested e:
                BeginWait(run!, e.Body, "child");
                story.Outside.Add(OutsideLine.Asks(at, run!.PathOf(e.Body), e.ChildId, e.Input));
                break;
            case ChildResolved e:
                story.Outside.Add(OutsideLine.Starts(at, run!.PathOf(e.Body), $"{e.Definition.Name}@{e.Definition.Version}"));
                break;
            case BodyCompleted e:
                Consume(at, run!, e);
                TellDefault(at, run!, e);
                EndWait(run!, e.Body);
                break;
            case BodyFailed e when e.Body.Scope != RunState.CompensationScope:
                TellTimeout(at, run!, e.Body);
                EndWait(run!, e.Body);
                break;
            case BodyCancelled e:
                EndWait(run!, e.Body);
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

    private void BeginWait(RunState run, BodyId body, string what)
    {
        CheckScope(run.Scopes[body.Scope]);
        Promise.That(_waits.TryAdd(run.PathOf(body), what), $"{run.PathOf(body)} waits twice");
    }

    private void EndWait(RunState run, BodyId body)
    {
        if (Phase(run, body) is BodyPhase.AwaitingSignal or BodyPhase.AwaitingAnswer or BodyPhase.AwaitingChild)
        {
            var path = run.PathOf(body);
            Promise.That(_waits.TryGetValue(path, out var what) && what.Length > 0, $"the wait of {path} ended twice, or before it began");
            _waits[path] = string.Empty;
        }
    }

    private void TellDefault(DateTimeOffset at, RunState run, BodyCompleted e)
    {
        if (Phase(run, e.Body) == BodyPhase.AwaitingAnswer && e.Output.ToString().EndsWith("\"timedOut\":true}", StringComparison.Ordinal))
        {
            story.Outside.Add(OutsideLine.TimedOut(at, run.PathOf(e.Body), hasDefault: true));
        }
    }

    private void TellTimeout(DateTimeOffset at, RunState run, BodyId body)
    {
        if (Phase(run, body) is BodyPhase.AwaitingSignal or BodyPhase.AwaitingAnswer)
        {
            story.Outside.Add(OutsideLine.TimedOut(at, run.PathOf(body), hasDefault: false));
        }
    }

    private static BodyPhase? Phase(RunState run, BodyId body) => body.Scope == RunState.CompensationScope ? null : run.Get(body).Phase;

    /// <summary>A wait for a signal takes the oldest of its name, whole.</summary>
    private void Consume(DateTimeOffset at, RunState run, BodyCompleted e)
    {
        if (Phase(run, e.Body) != BodyPhase.AwaitingSignal)
        {
            return;
        }

        var (path, name) = (run.PathOf(e.Body), ((BodyPlan.Signal)run.PlanOf(e.Body).Body).Name);
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
        var held = run?.Signals.SelectMany(queue => queue.Value).Select(signal => (signal.Name, signal.Payload)).OrderBy(signal => signal.Name, StringComparer.Ordinal) ?? Enumerable.Empty<(string, Payload)>();
        Promise.That(
            held.SequenceEqual(_kept.Select(signal => (signal.Name, signal.Payload)).OrderBy(signal => signal.Name, StringComparer.Ordinal)),
            "a signal has been lost, or is there twice");
        Promise.That(run is null || run.SignalCount == _kept.Count, "signals are counted wrongly");
    }
}
