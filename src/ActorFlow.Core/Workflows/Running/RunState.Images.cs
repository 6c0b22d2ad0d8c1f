using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>A run as an image, and back. What is ready, due or outstanding is found again from where the executions stand.</summary>
internal sealed partial class RunState
{
    public RunImage ToImage() => new()
    {
        WorkflowId = WorkflowId,
        RunId = RunId,
        Generation = Generation,
        Definition = Definition,
        Input = Input,
        StartedAt = StartedAt,
        At = Now,
        Parent = Parent,
        Origin = Origin,
        Companions = Companions,
        Directory = Directory,
        Tags = Tags,
        Paused = Paused,
        Scopes = [.. Scopes.Values.OrderBy(scope => scope.Id).Select(ImageOf)],
        NextScope = NextScope,
        Elements = Quota.Elements,
        SettledElements = Quota.SettledElements,
        Bytes = Quota.Bytes,
        Signals = [.. Signals.InOrder],
        NextSignal = Signals.NextSignal,
        NextWait = Signals.NextWait,
        Undos = [.. Compensation.Entries.Select(undo => undo.ToImage())],
        Compensating = Compensation.HasBegun,
        Undoing = Compensation.Current is { } undoing ? new(undoing.Entry.ToImage(), undoing.Number, undoing.Execution) : null,
        UndoNumber = Compensation.NextNumber,
        Failures = [.. Failures],
        Commands = [.. Commands.Ids],
        Rewinding = Rewinding,
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
            Tags = image.Tags,
            Generation = image.Generation,
            Now = image.At,
            Paused = image.Paused,
            Rewinding = image.Rewinding,
            Commands = image.Commands.Aggregate(CommandWindow.Empty, (window, id) => window.Add(id)),
        };
        run.TakeUp(image);
        // Whoever takes it up has seen to nothing yet.
        run.Touched = run.Active.Union(run.Children);
        return run;
    }

    private void TakeUp(RunImage image)
    {
        Scopes = default;
        (Agenda, Active, Children, Questions, CheckpointsDue) = (default, default, default, NoQuestions, []);
        NextScope = image.NextScope;
        Quota.TakeUp(image);
        Signals.TakeUp(image);
        Compensation.TakeUp(image);
        Failures = [.. image.Failures];
        foreach (var scope in image.Scopes)
        {
            TakeUp(scope);
        }

        foreach (var scope in image.Scopes)
        {
            ListAll(Scopes[scope.Id]);
        }

        if (Compensation.Current is { Execution: var undone } under)
        {
            ListExecution(new(CompensationScope, under.Number, 0, 0), undone);
        }
    }

    private void TakeUp(ScopeImage image)
    {
        var plan = image.Id == 0 ? Plan.Root : ((TaskExecutionPlan.Group)PlanOf(image.Owner).Execution).Scope;
        if (plan.Tasks.Length != image.Tasks.Length)
        {
            throw new InvalidOperationException($"The checkpoint has {image.Tasks.Length} tasks where the definition has {plan.Tasks.Length}.");
        }

        var tasks = TransientVector<TaskState>.Of(image.Tasks.Select(StateOf));
        Scopes = Scopes.Add(new()
        {
            Id = image.Id,
            Plan = plan,
            Owner = image.Owner,
            Path = image.Id == 0 ? string.Empty : PathOf(image.Owner) + "/",
            Tasks = tasks,
            Unsettled = tasks.Count(task => !task.IsSettled),
            Stop = image.Stop is { } stop ? new(stop.Error, stop.Reason) : null,
            TimeoutAt = image.TimeoutAt,
        });
    }

    private void ListAll(ScopeState scope)
    {
        // A group's instance that has failed is only kept for a retry.
        var live = scope.IsRoot || Find(scope.Owner) is { Phase: TaskExecutionPhase.Open } owner && owner.Opened == scope.Id;
        if (!live)
        {
            return;
        }

        if (scope.TimeoutAt is { } due)
        {
            Agenda.Add(new Due(due, DueKind.ScopeTimeout, scope.Id, 0, 0));
        }

        for (var task = 0; task < scope.Tasks.Count; task++)
        {
            ListTask(scope, task, scope.Tasks[task]);
        }

        if (scope.Unsettled == 0 && !(scope.IsRoot && Compensation.HasBegun))
        {
            Agenda.DecideScope(scope.Id);
        }
    }

    private void ListTask(ScopeState scope, int task, TaskState state)
    {
        if (state is { Phase: TaskPhase.Pending, Decided: true })
        {
            Agenda.Decide(scope.Id, task);
        }

        if (state.IsSettled)
        {
            return;
        }

        if (state.Execution is { } execution)
        {
            ListExecution(new(scope.Id, task, 0, execution.Iteration), execution);
        }

        for (var element = 0; element < (state.Fan?.Elements.Count ?? 0); element++)
        {
            var one = state.Fan!.Elements[element];
            ListExecution(new(scope.Id, task, element, one.Iteration), one);
        }

        if (state.Fan is { Listed: true } fan)
        {
            AddReady(scope.Id, task, fan.Next);
        }
    }

    private void ListExecution(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.IsSettled)
        {
            return;
        }

        if (execution.DeadlineAt is { } deadline)
        {
            Agenda.Add(new Due(deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        }

        if (execution.DueAt is { } due)
        {
            Agenda.Add(new Due(due, execution.Phase == TaskExecutionPhase.Delaying ? DueKind.DelayEnded : DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }

        AddTimeout(id, execution.TimeoutAt);
        switch (execution.Phase)
        {
            case TaskExecutionPhase.Ready when id.Scope != CompensationScope: AddReady(id.Scope, id.Task, id.Element); break;
            case TaskExecutionPhase.Attempting: Active = Active.Add(id); break;
            case TaskExecutionPhase.AwaitingSignal: ListWait(id, execution); break;
            case TaskExecutionPhase.AwaitingAnswer: Questions = Questions.Add(PathOf(id), id); break;
            case TaskExecutionPhase.AwaitingChild: Children = Children.Add(id); break;
            default: break;
        }
    }
}
