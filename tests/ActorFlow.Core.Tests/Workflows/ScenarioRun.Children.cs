using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>The children of a run, the states it has been in, and where other runs begin.</summary>
internal sealed partial class ScenarioRun
{
    private const int MostCommitsCompared = 250;
    private const int MostElementsCompared = 100;
    private const long MostBytesCompared = 100_000;

    private static readonly Guid ForkId = Guid.Parse("0197a000-0000-7000-8000-00000000000f");

    private readonly List<ChildRun> _children = [];
    private readonly Dictionary<TaskExecutionId, ChildRun> _childOf = [];
    private readonly List<WorkflowState> _states = [];

    /// <summary>Every child that was started, in order.</summary>
    public IReadOnlyList<ChildRun> Children => _children;

    /// <summary>The ids of every child that was started, in order.</summary>
    public IEnumerable<string> ChildIds => _children.Select(child => child.Id);

    /// <summary>The names of all checkpoints, in order.</summary>
    public IEnumerable<string> Checkpoints => Events.OfType<WorkflowEvent.CheckpointNamed>().Select(e => e.Name);

    public WorkflowState.Open Open => Assert.IsType<WorkflowState.Open>(_state);

    /// <summary>What a checkpoint would have held after so many commits.</summary>
    public RunImage ImageAfter(int commits) => Assert.IsType<WorkflowState.Open>(_states[commits - 1]).ToImage();

    /// <summary>The state after so many commits.</summary>
    public WorkflowState StateAfter(int commits) => _states[commits - 1];

    /// <summary>The newest checkpoint of that name: how many commits it holds, and what it keeps.</summary>
    public (long Sequence, RunImage Image)? NamedCheckpoint(string name)
    {
        var index = _commits.FindLastIndex(commit => commit.Events.OfType<WorkflowEvent.CheckpointNamed>().Any(e => e.Name == name));
        return index < 0 ? null : (index + 1, ImageAfter(index + 1));
    }

    public void PlayFork(ScenarioRun of, int after, Payload? input)
    {
        _now = of._now;
        var image = of.ImageAfter(after);
        Play(new WorkflowCommand.Start("fork", StartId, ForkId, Reference, input ?? image.Input)
        {
            Origin = new(image.WorkflowId, image.RunId, after),
            Image = image,
            Companions = image.Companions,
            Tags = image.Tags,
        });
    }

    /// <summary>Keeps the state, and sees whether its image is a faithful one.</summary>
    private void Picture()
    {
        _states.Add(_state);
        if (IsCompared(_states.Count - 1) && _state is WorkflowState.Open open)
        {
            var (live, image) = (StateText.Of(open), StateText.Of(WorkflowState.Of(plan, open.ToImage())));
            Assert.True(live == image, $"The image differs after {_commits[^1].Events[^1]}:\n{StateText.Difference(live, image)}");
        }
    }

    // A look at everything would take too long in the runs that are large.
    private bool IsCompared(int commit) =>
        commit < MostCommitsCompared && _states[commit] is not WorkflowState.Open { Run: { Quota.Elements: > MostElementsCompared } or { Quota.Bytes: > MostBytesCompared } };

    /// <summary>The commits alone have to lead to the same states.</summary>
    public void CheckReplay()
    {
        var replayed = WorkflowState.Initial(plan);
        for (var i = 0; i < _commits.Count; i++)
        {
            replayed = WorkflowDecider.Evolve(replayed, _commits[i]);
            if (IsCompared(i))
            {
                var (live, again) = (StateText.Of(_states[i]), StateText.Of(replayed));
                Assert.True(live == again, $"The replay differs after {_commits[i].Events[^1]}:\n{StateText.Difference(live, again)}");
            }
        }

        Assert.Equal(_state.GetType(), replayed.GetType());
        if ((_state, replayed) is (WorkflowState.Closed end, WorkflowState.Closed same))
        {
            Assert.Equal((end.Outcome, end.Output, end.Error, end.Reason, end.ClosedAt), (same.Outcome, same.Output, same.Error, same.Reason, same.ClosedAt));
            Assert.Equal(end.Failures, same.Failures);
        }
    }

    private void SeeToChild(WorkflowState.Open open, TaskExecutionId execution)
    {
        if (open.ChildFor(execution) is not { } order)
        {
            _childOf.Remove(execution);
        }
        else if (order.Definition is null)
        {
            DefinitionReference? found = world.Unknown.Contains(order.Name) ? null : new(order.Name, order.Version ?? 1, "registered");
            _agenda.Enqueue(Appointment.Of(new WorkflowCommand.ResolveChild(order.Link.WorkflowId, order.Attempt, found)), (_now, _sequence++));
        }
        else if (!_childOf.TryGetValue(execution, out var child) || child.Order.Attempt != order.Attempt)
        {
            Begin(execution, order);
        }
        else if (order.Close is { } close && child.Close is null)
        {
            Close(child, close);
        }
    }

    private void Begin(TaskExecutionId execution, ChildOrder order)
    {
        var child = _childOf[execution] = new(order, _now);
        if (order.Close is { } close)
        {
            // It starts as cancelled: nobody had heard of it.
            Close(child, close);
            return;
        }

        _children.Add(child);
        child.End = world.Children(child);
        if (child.End.Refusal is { } type)
        {
            Say(child, new WorkflowCommand.ChildRefused(order.Link.WorkflowId, order.Attempt, type, child.End.Reason!), _now);
        }
        else if (child.End.Outcome is { } outcome)
        {
            var ended = new WorkflowCommand.ChildEnded(
                order.Link.WorkflowId, order.Attempt, outcome, child.End.Output, child.End.Error, child.End.Reason);
            Say(child, ended, _now + child.End.Takes);
        }
    }

    private void Close(ChildRun child, ParentClose close)
    {
        child.Close = close;
        if (!child.End.IsStubborn)
        {
            var outcome = close == ParentClose.Terminate ? RunOutcome.Terminated : RunOutcome.Cancelled;
            Say(child, new WorkflowCommand.ChildEnded(child.Order.Link.WorkflowId, child.Order.Attempt, outcome, Payload.Null, null, "with its parent"), _now);
        }
    }

    private void Say(ChildRun child, WorkflowCommand command, TimeSpan at) =>
        _agenda.Enqueue(new(_ => command) { Child = child }, (at, _sequence++));
}
