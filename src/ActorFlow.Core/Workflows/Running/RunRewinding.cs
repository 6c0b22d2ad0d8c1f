using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Takes a run back to a checkpoint, or forks a run from one.</summary>
internal static class RunRewinding
{
    public static RunState Fork(WorkflowPlan plan, Started e, RunImage image, DateTimeOffset at)
    {
        // What completed before the fork belongs to the run that was forked: this run does not compensate it.
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
            Trace = e.Trace,
            Tags = e.Tags,
            Now = at,
        };
        run.TakeUp(Later(own, at));
        run.Quota.Hold(e.Input.Length - image.Input.Length);
        run.BeginChildrenAgain();
        run.BeginAttemptsAgain();
        return run;
    }

    public static void Apply(this RunState run, RewindRequested e)
    {
        run.Rewinding = new(e.To, e.Image);
        run.StopScope(0, new(null, $"The run is being taken back to checkpoint {e.To}."));
    }

    public static void Apply(this RunState run, Rewound e)
    {
        var image = e.Image ?? run.Rewinding!.Image;
        var since = run.Signals.InOrder.Where(signal => signal.Number >= image.NextSignal);
        var signals = image.Signals.AddRange(since);
        var more = signals.Skip(image.Signals.Length).Sum(signal => (long)signal.Payload.Length);
        (run.End, run.Rewinding, run.Paused) = (null, null, false);
        run.Generation = e.Generation;
        run.TakeUp(Later(image, run.Now) with { Signals = signals, Bytes = image.Bytes + more });
        run.BeginChildrenAgain();
        run.Touched = run.Touched.Union(run.Active);
    }

    /// <summary>The image with its timeouts moved by the time that has passed since: a rewound run has the time that was left.</summary>
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
            // Lost leases belong to an attempt of another generation.
            Lost = default,
            Losses = 0,
        };
    }

    /// <summary>Begins children under way again, under the ids of this run: those of the checkpoint belong to its run and generation.</summary>
    private static void BeginChildrenAgain(this RunState run)
    {
        foreach (var id in InOrder(run.Children))
        {
            // A child that ends here may fail its scope, and so end others.
            if (run.Find(id) is not { IsSettled: false } execution)
            {
                continue;
            }

            run.StopWaiting(id, execution);
            if (execution.Withdrawn)
            {
                // It was being cancelled, and has not been started in this generation.
                run.EndWithdrawn(id, execution);
                continue;
            }

            // Its earlier start is void, and is not counted twice.
            var task = run.TaskOf(id.Scope, id.Task);
            run.SetTask(id.Scope, id.Task, task with { Starts = task.Starts - 1 });
            run.Quota.Release(execution.Input);
            run.SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Input = null, Child = null, TimeoutAt = null, Withdrawn = false });
            run.AddReady(id.Scope, id.Task, id.Element);
        }
    }

    private static void EndWithdrawn(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.Error is { } error)
        {
            run.Fail(id, execution, error);
        }
        else
        {
            run.SettleExecution(id, execution.Leave(TaskExecutionPhase.Cancelled, null));
        }
    }

    /// <summary>
    /// Begins attempts under way again, with their input evaluated from this run's own: those of the checkpoint belong to the run that was forked.
    /// </summary>
    private static void BeginAttemptsAgain(this RunState run)
    {
        foreach (var id in InOrder(run.Scopes.Values.SelectMany(scope => run.ExecutionsWithInput(scope.Id))))
        {
            if (run.Find(id) is not { IsSettled: false } execution)
            {
                continue;
            }

            if (execution.Withdrawn)
            {
                run.Active = run.Active.Remove(id);
                run.EndWithdrawn(id, execution);
                continue;
            }

            run.Quota.Release(execution.Input!);
            run.SetExecution(id, execution with { Input = null, Secrets = [] });
            if (execution.Phase == TaskExecutionPhase.Attempting)
            {
                run.Active = run.Active.Remove(id);
                var task = run.TaskOf(id.Scope, id.Task);
                run.SetTask(id.Scope, id.Task, task with { Starts = task.Starts - 1 });
                run.SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Attempt = execution.Attempt - 1, Input = null, Secrets = [] });
                run.AddReady(id.Scope, id.Task, id.Element);
            }
        }
    }

    private static IEnumerable<TaskExecutionId> ExecutionsWithInput(this RunState run, int scope)
    {
        var tasks = run.Scopes[scope].Tasks;
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
