using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Makes an image of a run, and a run of an image. What is ready, due or outstanding is derived from the executions.</summary>
internal static class RunImages
{
    public static RunImage ToImage(this RunState run) => new()
    {
        WorkflowId = run.WorkflowId,
        RunId = run.RunId,
        Generation = run.Generation,
        Definition = run.Definition,
        Input = run.Input,
        StartedAt = run.StartedAt,
        At = run.Now,
        Parent = run.Parent,
        Origin = run.Origin,
        Companions = run.Companions,
        Directory = run.Directory,
        Trace = run.Trace,
        Tags = run.Tags,
        Paused = run.Paused,
        Scopes = [.. run.Scopes.Values.OrderBy(scope => scope.Id).Select(ImageOf)],
        NextScope = run.NextScope,
        Elements = run.Quota.Elements,
        SettledElements = run.Quota.SettledElements,
        Bytes = run.Quota.Bytes,
        Signals = [.. run.Signals.InOrder],
        NextSignal = run.Signals.NextSignal,
        NextWait = run.Signals.NextWait,
        Undos = [.. run.Compensation.Entries.Select(undo => undo.ToImage())],
        Compensating = run.Compensation.HasBegun,
        Undoing = run.Compensation.Current is { } undoing ? new(undoing.Entry.ToImage(), undoing.Number, undoing.Execution) : null,
        UndoNumber = run.Compensation.NextNumber,
        Failures = [.. run.Failures],
        Commands = [.. run.Commands.All],
        Rewinding = run.Rewinding,
    };

    /// <summary>The run that an image was taken of.</summary>
    /// <exception cref="InvalidOperationException">The image does not fit the plan.</exception>
    public static RunState Of(WorkflowPlan plan, RunImage image)
    {
        var run = new RunState
        {
            Plan = plan,
            WorkflowId = image.WorkflowId,
            RunId = image.RunId,
            Definition = image.Definition,
            Input = image.Input,
            StartedAt = image.StartedAt,
            Parent = image.Parent,
            Origin = image.Origin,
            Companions = image.Companions,
            Directory = image.Directory,
            Trace = image.Trace,
            Tags = image.Tags,
            Generation = image.Generation,
            Now = image.At,
            Paused = image.Paused,
            Rewinding = image.Rewinding,
            Commands = image.Commands.Aggregate(CommandWindow.Empty, (window, command) => window.Add(command)),
        };
        run.TakeUp(image);
        // The effects of what is outstanding have not been seen to in this process.
        run.Touched = run.Active.Union(run.Children);
        return run;
    }

    public static void TakeUp(this RunState run, RunImage image)
    {
        run.Scopes = default;
        (run.Agenda, run.Active, run.Children, run.Questions, run.CheckpointsDue) = (default, default, default, RunState.NoQuestions, []);
        run.NextScope = image.NextScope;
        run.Quota.TakeUp(image);
        run.Signals.TakeUp(image);
        run.Compensation.TakeUp(image);
        run.Failures = [.. image.Failures];
        foreach (var scope in image.Scopes)
        {
            run.TakeUp(scope);
        }

        foreach (var scope in image.Scopes)
        {
            run.ListAll(run.Scopes[scope.Id]);
        }

        if (run.Compensation.Current is { Execution: var undone } under)
        {
            run.ListExecution(new(RunState.CompensationScope, under.Number, 0, 0), undone);
        }
    }

    private static void TakeUp(this RunState run, ScopeImage image)
    {
        var plan = image.Id == 0 ? run.Plan.Root : ((TaskExecutionPlan.Group)run.PlanOf(image.Owner).Execution).Scope;
        if (plan.Tasks.Length != image.Tasks.Length)
        {
            throw new InvalidOperationException($"The checkpoint has {image.Tasks.Length} tasks where the definition has {plan.Tasks.Length}.");
        }

        var tasks = TransientVector<TaskState>.Of(image.Tasks.Select(StateOf));
        run.Scopes = run.Scopes.Add(new()
        {
            Id = image.Id,
            Plan = plan,
            Owner = image.Owner,
            Path = image.Id == 0 ? string.Empty : run.PathOf(image.Owner) + "/",
            Tasks = tasks,
            Unsettled = tasks.Count(task => !task.IsSettled),
            Stop = image.Stop is { } stop ? new(stop.Error, stop.Reason) : null,
            DueAt = image.BeginsAt ?? image.TimeoutAt,
            IsHeld = image.BeginsAt is not null,
        });
    }

    private static void ListAll(this RunState run, ScopeState scope)
    {
        // The instance of a failed group is only kept for a retry.
        var live = scope.IsRoot || run.Find(scope.Owner) is { Phase: TaskExecutionPhase.Open } owner && owner.Opened == scope.Id;
        if (!live)
        {
            return;
        }

        run.ListDue(scope);
        if (scope.IsHeld)
        {
            return;
        }

        for (var task = 0; task < scope.Tasks.Count; task++)
        {
            run.ListTask(scope, task, scope.Tasks[task]);
        }

        if (scope.Unsettled == 0 && !(scope.IsRoot && run.Compensation.HasBegun))
        {
            run.Agenda.DecideScope(scope.Id);
        }
    }

    private static void ListTask(this RunState run, ScopeState scope, int task, TaskState state)
    {
        if (state is { Phase: TaskPhase.Pending, Decided: true })
        {
            run.Agenda.Decide(scope.Id, task);
        }

        if (state.IsSettled)
        {
            return;
        }

        if (state.Execution is { } execution)
        {
            run.ListExecution(new(scope.Id, task, 0, execution.Iteration), execution);
        }

        for (var element = 0; element < (state.Fan?.Elements.Count ?? 0); element++)
        {
            var one = state.Fan!.Elements[element];
            run.ListExecution(new(scope.Id, task, element, one.Iteration), one);
        }

        if (state.Fan is { Listed: true } fan)
        {
            run.AddReady(scope.Id, task, fan.Next);
        }
    }

    private static void ListExecution(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.IsSettled)
        {
            return;
        }

        if (execution.DeadlineAt is { } deadline)
        {
            run.Agenda.Add(new Due(deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        }

        if (execution.DueAt is { } due)
        {
            run.Agenda.Add(new Due(due, execution.Phase == TaskExecutionPhase.Delaying ? DueKind.DelayEnded : DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }

        run.AddTimeout(id, execution.TimeoutAt);
        switch (execution.Phase)
        {
            case TaskExecutionPhase.Ready when id.Scope != RunState.CompensationScope: run.AddReady(id.Scope, id.Task, id.Element); break;
            case TaskExecutionPhase.Attempting: run.Active = run.Active.Add(id); break;
            case TaskExecutionPhase.AwaitingSignal: run.ListWait(id, execution); break;
            case TaskExecutionPhase.AwaitingAnswer: run.Questions = run.Questions.Add(run.PathOf(id), id); break;
            case TaskExecutionPhase.AwaitingChild: run.Children = run.Children.Add(id); break;
            default: break;
        }
    }

    private static ScopeImage ImageOf(ScopeState scope) => new(
        scope.Id,
        scope.Owner,
        scope.Stop is { } stop ? new(stop.Error, stop.Reason) : null,
        scope.TimeoutAt,
        [.. scope.Tasks.Select(ImageOf)])
    {
        BeginsAt = scope.BeginsAt,
    };

    private static TaskImage ImageOf(TaskState task) => new()
    {
        Phase = task.Phase,
        Waiting = task.Waiting,
        Arrived = task.Arrived,
        Decided = task.Decided,
        Starts = task.Starts,
        Output = task.Output,
        Error = task.Error,
        Execution = task.Execution,
        Fan = task.Fan is { } fan
            ? new(fan.Items, [.. fan.Elements], fan.Next, fan.Active, fan.Unsettled, fan.Failed, fan.Listed, fan.Bytes)
            : null,
    };

    private static TaskState StateOf(TaskImage task) => new()
    {
        Phase = task.Phase,
        Waiting = task.Waiting,
        Arrived = task.Arrived,
        Decided = task.Decided,
        Starts = task.Starts,
        Output = task.Output,
        Error = task.Error,
        Execution = task.Execution,
        Fan = task.Fan is { } fan ? StateOf(fan) : null,
    };

    private static FanOut StateOf(FanImage fan) => new()
    {
        Items = fan.Items,
        Elements = TransientVector<TaskExecutionState>.Of(fan.Elements),
        Next = fan.Next,
        Active = fan.Active,
        Unsettled = fan.Unsettled,
        Failed = fan.Failed,
        Listed = fan.Listed,
        Bytes = fan.Bytes,
    };
}
