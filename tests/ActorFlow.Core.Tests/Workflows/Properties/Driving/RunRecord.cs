using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>What a run has recorded so far, and what must never be recorded twice, too early or too late.</summary>
internal sealed partial class RunRecord(RunStory story)
{
    private readonly HashSet<(string Path, int Number)> _started = [];
    private readonly HashSet<(string Path, int Number)> _ended = [];
    private readonly HashSet<string> _completed = [];
    private bool _isTakenBack;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public void Add(WorkflowState state, WorkflowCommit commit)
    {
        Promise.That(commit.At >= _last, "time goes back");
        _last = commit.At;
        foreach (var @event in commit.Events)
        {
            Promise.That(state is not WorkflowState.Closed || @event is Reopened or Rewound, $"{@event} after the closing event");
            if (state is WorkflowState.Open open)
            {
                Add(open.Run, @event);
            }
            else if (@event is Rewound or Reopened { From: not null })
            {
                Forget();
            }

            AddOutside(commit.At, (state as WorkflowState.Open)?.Run, @event);
            state = WorkflowDecider.Evolve(state, commit with { Events = [@event] });
            if (@event is Started { Image: not null })
            {
                BeginFrom(((WorkflowState.Open)state).Run);
            }
        }

        KeepSignals(state);
    }

    private void Add(RunState run, WorkflowEvent @event)
    {
        switch (@event)
        {
            case TaskReady e:
                CheckNeeds(run.Scopes[e.Scope], e.Task);
                break;
            case FanOutOpened e:
                CheckNeeds(run.Scopes[e.Scope], e.Task);
                break;
            case AttemptsStarted e:
                foreach (var start in e.Attempts.Where(start => start.Execution.Scope != RunState.CompensationScope))
                {
                    Start(run.PathOf(start.Execution), start.Number);
                    CheckScope(run.Scopes[start.Execution.Scope]);
                }

                break;
            case GroupOpened e:
                CheckScope(run.Scopes[e.Execution.Scope]);
                break;
            case TaskExecutionCompleted e:
                Promise.That(e.LoopError is not null || _completed.Add(NameOf(run, e.Execution)), $"{run.PathOf(e.Execution)} completed twice");
                End(run, e.Execution, run.Get(e.Execution).Attempt);
                if (e.LoopError is not null)
                {
                    ForgetInside(run.PathOf(e.Execution) + "/");
                }

                break;
            case AttemptFailed e:
                End(run, e.Execution, e.Number);
                break;
            case AttemptCancelled e:
                End(run, e.Execution, e.Number);
                break;
            case Rewound:
                Forget();
                break;
            case CompensationStarted or Completed or Failed or Cancelled:
                CheckNothingIsLeft(run);
                break;
        }
    }

    /// <summary>Before it ends, and before it compensates, a run has settled everything and holds nothing but what can still be read.</summary>
    private static void CheckNothingIsLeft(RunState run)
    {
        Promise.That(run.Active.IsEmpty && run.Agenda.ReadyInline.IsEmpty && run.Agenda.ReadyUses.IsEmpty && run.Compensation.Current is null, "something is still to be done at the end");
        Promise.That(
            run.Questions.IsEmpty && run.Children.IsEmpty && !run.Signals.Waits.Any() && run.Signals.Deliverable is null, "something is still waited for at the end");
        Promise.That(!Holdings.LostScopesOf(run).Any(), "a group is still open at the end");
        Promise.That(run.Scopes.Values.All(scope => scope.Tasks.All(task => task.IsSettled)), "a task has not settled at the end");
        Promise.That(Holdings.ExecutionsOf(run).All(execution => execution.IsSettled || execution.Phase == TaskExecutionPhase.Queued), "an execution has not settled at the end");
        Promise.That(run.Agenda.Dues.All(due => due.Kind == DueKind.ScopeTimeout && run.Root.Stop is null), "something still falls due at the end");
        Promise.That(run.Progress.Settled == run.Progress.Tasks && run.Progress.Outstanding == 0, $"at the end the progress is {run.Progress}");
        var held = Holdings.BytesOf(run);
        Promise.That(run.Quota.Bytes == held, $"the run counts {run.Quota.Bytes} bytes of payloads, and holds {held}");
        Promise.That(run.Root.Stop is not null || Holdings.KeptTasksOf(run) == 0, "a run that completes keeps what only a retry needs");
    }

    /// <summary>What was done is void, and may be done again.</summary>
    private void Forget()
    {
        _started.Clear();
        _ended.Clear();
        _completed.Clear();
        _isTakenBack = true;
    }

    /// <summary>A fork takes up what the run that it comes from had begun.</summary>
    private void BeginFrom(RunState run)
    {
        _isTakenBack = true;
        _kept = [.. run.Signals.InOrder.Select(signal => new KeptSignal((int)signal.Number, signal.Name, signal.Payload))];
        _waits = run.Questions.Keys.ToDictionary(path => path, _ => "person");
        foreach (var wait in run.Signals.Waits)
        {
            _waits.Add(run.PathOf(wait.Execution), "signal");
        }
    }

    /// <summary>An iteration after which its loop failed runs again with the loop, the whole of its group.</summary>
    private void ForgetInside(string group)
    {
        _started.RemoveWhere(attempt => attempt.Path.StartsWith(group, StringComparison.Ordinal));
        _ended.RemoveWhere(attempt => attempt.Path.StartsWith(group, StringComparison.Ordinal));
        _completed.RemoveWhere(path => path.StartsWith(group, StringComparison.Ordinal));
    }

    private void Start(string path, int number)
    {
        Promise.That(_started.Add((path, number)), $"attempt {number} of {path} started twice");
        Promise.That(number == 1 || _isTakenBack || _ended.Contains((path, number - 1)), $"attempt {number} of {path} started before the one before had ended");
        Promise.That(!_completed.Contains(path), $"{path} started again after it had completed");
    }

    private void End(RunState run, TaskExecutionId execution, int number)
    {
        if (number > 0)
        {
            Promise.That(_ended.Add((NameOf(run, execution), number)), $"attempt {number} of {run.PathOf(execution)} ended twice");
        }
    }

    // An execution that ran again from its beginning is undone as often as it completed.
    private static string NameOf(RunState run, TaskExecutionId execution) =>
        execution.Scope == RunState.CompensationScope ? $"{run.PathOf(execution)} {execution.Task}" : run.PathOf(execution);

    private static void CheckScope(ScopeState scope) => Promise.That(scope.Stop is null, "something started in a scope that is stopped");

    private static void CheckNeeds(ScopeState scope, int task)
    {
        CheckScope(scope);
        var definition = scope.Plan.Tasks[task].Definition;
        var needed = definition.Needs.Select(need => scope.Tasks[scope.Plan.Tasks.Single(other => other.Id == need.Task).Index]).ToList();
        var isReady = definition.Join == Join.All
            ? needed.TrueForAll(need => need.IsSettled)
            : needed.Count(need => need.Phase == TaskPhase.Completed) >= definition.Join.Count;
        Promise.That(isReady, $"{definition.Id} began before its needs had settled");
    }
}
