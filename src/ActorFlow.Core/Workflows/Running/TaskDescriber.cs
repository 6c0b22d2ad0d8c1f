using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Walks the open scopes of a run, and describes every task.</summary>
internal sealed class TaskDescriber(RunState run)
{
    public IEnumerable<TaskDescription> All()
    {
        foreach (var task in Of(run.Root))
        {
            yield return task;
        }

        if (run.Compensation.Current is { } undoing)
        {
            var id = new TaskExecutionId(RunState.CompensationScope, undoing.Number, 0, 0);
            yield return Begun(id, run.Plan.Tasks[undoing.Entry.TaskOrder].Compensate!, undoing.Execution);
        }
    }

    private IEnumerable<TaskDescription> Of(ScopeState scope)
    {
        foreach (var plan in scope.Plan.Tasks)
        {
            var state = scope.Tasks[plan.Index];
            var lines = state.Fan is { } fan ? OfFan(scope, plan, state, fan) : OfSingle(scope, plan, state);
            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }

    private IEnumerable<TaskDescription> OfSingle(ScopeState scope, TaskPlan plan, TaskState state)
    {
        var whole = Whole(scope, plan, state);
        if (state.Execution is not { } execution)
        {
            yield return whole;
            yield break;
        }

        var id = new TaskExecutionId(scope.Id, plan.Index, 0, execution.Iteration);
        yield return state.IsSettled ? whole : whole with
        {
            Path = run.PathOf(id),
            Attempt = execution.Attempt - execution.AttemptBase,
            MaxAttempts = MaxAttemptsOf(plan.Execution),
            Output = execution.Output is { } done ? CommandOutput.Readable(done) : null,
            Error = execution.Error,
            Wait = WaitOf(execution),
            WaitsFor = WaitsFor(plan.Execution, execution),
            Since = SinceOf(execution),
            Until = execution.DueAt ?? execution.TimeoutAt,
        };
        foreach (var inner in Opened(execution))
        {
            yield return inner;
        }
    }

    private IEnumerable<TaskDescription> OfFan(ScopeState scope, TaskPlan plan, TaskState state, FanOut fan)
    {
        yield return Whole(scope, plan, state) with
        {
            Elements = fan.Elements.Count,
            SettledElements = fan.Elements.Count - fan.Unsettled,
        };
        for (var element = 0; element < fan.Elements.Count; element++)
        {
            var execution = fan.Elements[element];
            if (execution.Phase == TaskExecutionPhase.Queued)
            {
                continue;
            }

            yield return Begun(new(scope.Id, plan.Index, element, execution.Iteration), plan.Execution, execution);
            foreach (var inner in Opened(execution))
            {
                yield return inner;
            }
        }
    }

    private static TaskDescription Whole(ScopeState scope, TaskPlan plan, TaskState state) => new()
    {
        Path = scope.Path + plan.Id,
        Title = plan.Definition.Title,
        Kind = KindOf(plan.Execution),
        Phase = state.Phase,
        Attempts = state.Starts,
        Output = state.Output is { } output ? CommandOutput.Readable(output) : null,
        Error = state.Error,
    };

    private TaskDescription Begun(TaskExecutionId id, TaskExecutionPlan plan, TaskExecutionState execution) => new()
    {
        Path = run.PathOf(id),
        Kind = KindOf(plan),
        Phase = execution.Phase switch
        {
            TaskExecutionPhase.Completed => TaskPhase.Completed,
            TaskExecutionPhase.Failed => TaskPhase.Failed,
            TaskExecutionPhase.Cancelled => TaskPhase.Cancelled,
            _ => TaskPhase.Running,
        },
        Attempts = execution.Attempt,
        Attempt = execution.Attempt - execution.AttemptBase,
        MaxAttempts = MaxAttemptsOf(plan),
        Output = execution.Output is { } done ? CommandOutput.Readable(done) : null,
        Error = execution.Error,
        Wait = WaitOf(execution),
        WaitsFor = WaitsFor(plan, execution),
        Since = SinceOf(execution),
        Until = execution.DueAt ?? execution.TimeoutAt,
    };

    /// <summary>The tasks of a group's instance: also of a failed one, while it is kept for a retry.</summary>
    private IEnumerable<TaskDescription> Opened(TaskExecutionState execution) =>
        execution.Opened > 0 && run.Scopes.TryGetValue(execution.Opened, out var scope) ? Of(scope) : [];

    private static int MaxAttemptsOf(TaskExecutionPlan plan) => plan is TaskExecutionPlan.Uses uses ? uses.Retry.MaxAttempts : 0;

    private static TaskWait WaitOf(TaskExecutionState execution) => execution.Phase switch
    {
        TaskExecutionPhase.Ready => TaskWait.Place,
        TaskExecutionPhase.Attempting => TaskWait.Worker,
        TaskExecutionPhase.Waiting => execution.Attempt > 0 ? TaskWait.Retry : TaskWait.Iteration,
        TaskExecutionPhase.Delaying => TaskWait.Delay,
        TaskExecutionPhase.AwaitingSignal => TaskWait.Signal,
        TaskExecutionPhase.AwaitingAnswer => TaskWait.Answer,
        TaskExecutionPhase.AwaitingChild => TaskWait.Child,
        _ => TaskWait.None,
    };

    // Checkpoints of earlier releases do not hold it for every wait.
    private static DateTimeOffset? SinceOf(TaskExecutionState execution) =>
        execution.IsSettled || execution.ReadyAt == default ? null : execution.ReadyAt;

    private static string? WaitsFor(TaskExecutionPlan plan, TaskExecutionState execution) => execution.Phase switch
    {
        TaskExecutionPhase.Attempting => ((TaskExecutionPlan.Uses)plan).Handler,
        TaskExecutionPhase.AwaitingSignal => ((TaskExecutionPlan.Signal)plan).Name,
        TaskExecutionPhase.AwaitingAnswer => execution.Question!.Prompt,
        TaskExecutionPhase.AwaitingChild => execution.Child!.ChildId,
        TaskExecutionPhase.Waiting when execution.Attempt == 0 => string.Create(CultureInfo.InvariantCulture, $"iteration {execution.Iteration}"),
        _ => null,
    };

    private static string KindOf(TaskExecutionPlan plan) => plan switch
    {
        TaskExecutionPlan.Uses => "uses",
        TaskExecutionPlan.Child => "workflow",
        TaskExecutionPlan.Group => "tasks",
        TaskExecutionPlan.Switch => "switch",
        TaskExecutionPlan.Set => "set",
        TaskExecutionPlan.Signal => "signal",
        TaskExecutionPlan.Ask => "ask",
        TaskExecutionPlan.Delay => "delay",
        TaskExecutionPlan.Fail => "fail",
        _ => throw new InvalidOperationException($"No word for {plan.GetType().Name}."),
    };
}
