using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How a run goes on where it, or another, stood before: taken back to a checkpoint, or forked from one.</summary>
internal sealed partial class RunState
{
    private static RunState Fork(WorkflowPlan plan, Started e, RunImage image, DateTimeOffset at)
    {
        // What was done before the fork belongs to the run that it comes from: this one does not undo it.
        var own = image with { Undos = [], Bytes = image.Bytes - image.Undos.Sum(undo => (long)undo.Undo.Input.Length) };
        var run = new RunState
        {
            Plan = plan,
            WorkflowId = e.WorkflowId,
            RunId = e.RunId,
            Definition = e.Definition,
            Input = e.Input,
            StartedAt = at,
            Origin = e.Origin,
            Companions = e.Companions,
            Directory = e.Directory,
            Tags = e.Tags,
            Now = at,
        };
        run.TakeUp(Later(own, at));
        run.Quota.Hold(e.Input.Length - image.Input.Length);
        run.BeginChildrenAgain();
        run.BeginAttemptsAgain();
        return run;
    }

    private void Apply(RewindRequested e)
    {
        Rewinding = new(e.To, e.Image);
        StopScope(0, new(null, $"The run is being taken back to checkpoint {e.To}."));
    }

    private void Apply(Rewound e)
    {
        var image = e.Image ?? Rewinding!.Image;
        var since = Signals.InOrder.Where(signal => signal.Number >= image.NextSignal);
        var signals = image.Signals.AddRange(since);
        var more = signals.Skip(image.Signals.Length).Sum(signal => (long)signal.Payload.Length);
        (End, Rewinding, Paused) = (null, null, false);
        Generation = e.Generation;
        TakeUp(Later(image, Now) with { Signals = signals, Bytes = image.Bytes + more });
        BeginChildrenAgain();
        Touched = Touched.Union(Active);
    }

    /// <summary>The image with its timeouts put off by the time that has passed since: a run taken back is given what it had left.</summary>
    private static RunImage Later(RunImage image, DateTimeOffset now)
    {
        var passed = now - image.At;
        return image with
        {
            Scopes = [.. image.Scopes.Select(scope => scope with
            {
                TimeoutAt = scope.TimeoutAt + passed,
                Tasks = [.. scope.Tasks.Select(Later)],
            })],
        };

        TaskImage Later(TaskImage task) => task with
        {
            Execution = task.Execution is { } execution ? Put(execution) : null,
            Fan = task.Fan is { } fan ? fan with { Elements = [.. fan.Elements.Select(Put)] } : null,
        };

        TaskExecutionState Put(TaskExecutionState execution) => execution with
        {
            TimeoutAt = execution.TimeoutAt + passed,
            DeadlineAt = execution.DeadlineAt + passed,
            // Whatever was lost then was an attempt of another generation.
            Lost = default,
            Losses = 0,
        };
    }

    /// <summary>Children under way belong to what was: they are begun again, under the ids of this run.</summary>
    private void BeginChildrenAgain()
    {
        foreach (var id in InOrder(Children))
        {
            // One that ends here may fail its scope, and so end others.
            if (Find(id) is not { IsSettled: false } execution)
            {
                continue;
            }

            StopWaiting(id, execution);
            if (execution.Withdrawn)
            {
                // It was being cancelled, and in this generation nobody has started it.
                EndWithdrawn(id, execution);
                continue;
            }

            // Its start was void, and is not counted twice.
            var task = TaskOf(id.Scope, id.Task);
            SetTask(id.Scope, id.Task, task with { Starts = task.Starts - 1 });
            Quota.Release(execution.Input);
            SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Input = null, Child = null, TimeoutAt = null, Withdrawn = false });
            AddReady(id.Scope, id.Task, id.Element);
        }
    }

    private void EndWithdrawn(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.Error is { } error)
        {
            Fail(id, execution, error);
        }
        else
        {
            SettleExecution(id, execution.Leave(TaskExecutionPhase.Cancelled, null));
        }
    }

    /// <summary>
    /// Attempts under way belong to the run that was forked: here they are begun again, their input evaluated from this run's own.
    /// </summary>
    private void BeginAttemptsAgain()
    {
        foreach (var id in InOrder(Scopes.Values.SelectMany(scope => ExecutionsWithInput(scope.Id))))
        {
            if (Find(id) is not { IsSettled: false } execution)
            {
                continue;
            }

            if (execution.Withdrawn)
            {
                Active = Active.Remove(id);
                EndWithdrawn(id, execution);
                continue;
            }

            Quota.Release(execution.Input!);
            SetExecution(id, execution with { Input = null, Secrets = [] });
            if (execution.Phase == TaskExecutionPhase.Attempting)
            {
                Active = Active.Remove(id);
                var task = TaskOf(id.Scope, id.Task);
                SetTask(id.Scope, id.Task, task with { Starts = task.Starts - 1 });
                SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Attempt = execution.Attempt - 1, Input = null, Secrets = [] });
                AddReady(id.Scope, id.Task, id.Element);
            }
        }
    }

    private IEnumerable<TaskExecutionId> ExecutionsWithInput(int scope)
    {
        var tasks = Scopes[scope].Tasks;
        for (var task = 0; task < tasks.Count; task++)
        {
            IReadOnlyList<TaskExecutionState> executions = tasks[task].Fan?.Elements ?? (tasks[task].Execution is { } single ? [single] : (IReadOnlyList<TaskExecutionState>)[]);
            for (var element = 0; element < executions.Count; element++)
            {
                if (executions[element] is { IsSettled: false, Input: not null } execution)
                {
                    yield return new(scope, task, element, execution.Iteration);
                }
            }
        }
    }

    private static List<TaskExecutionId> InOrder(IEnumerable<TaskExecutionId> executions) =>
        [.. executions.OrderBy(id => id.Scope).ThenBy(id => id.Task).ThenBy(id => id.Element)];
}
