using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Walks the open scopes of a run, and says of every task where it stands.</summary>
internal sealed class TaskDescriber(RunState run)
{
    public IEnumerable<TaskDescription> All()
    {
        foreach (var task in Of(run.Root))
        {
            yield return task;
        }

        if (run.Undoing is { } undoing)
        {
            var id = new BodyId(RunState.CompensationScope, undoing.Number, 0, 0);
            yield return Begun(id, run.Plan.Tasks[undoing.Entry.TaskOrder].Compensate!, undoing.Body);
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
        if (state.Body is not { } body)
        {
            yield return whole;
            yield break;
        }

        var id = new BodyId(scope.Id, plan.Index, 0, body.Iteration);
        yield return state.IsSettled ? whole : whole with
        {
            Path = run.PathOf(id),
            Output = body.Output is { } done ? CommandOutput.Readable(done) : null,
            Error = body.Error,
            Wait = WaitOf(body),
            WaitsFor = WaitsFor(plan.Body, body),
            Until = body.DueAt ?? body.TimeoutAt,
        };
        foreach (var inner in Opened(body))
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
            var body = fan.Elements[element];
            if (body.Phase == BodyPhase.Queued)
            {
                continue;
            }

            yield return Begun(new(scope.Id, plan.Index, element, body.Iteration), plan.Body, body);
            foreach (var inner in Opened(body))
            {
                yield return inner;
            }
        }
    }

    private static TaskDescription Whole(ScopeState scope, TaskPlan plan, TaskState state) => new()
    {
        Path = scope.Path + plan.Id,
        Title = plan.Definition.Title,
        Kind = KindOf(plan.Body),
        Phase = state.Phase,
        Attempts = state.Starts,
        Output = state.Output is { } output ? CommandOutput.Readable(output) : null,
        Error = state.Error,
    };

    private TaskDescription Begun(BodyId id, BodyPlan plan, BodyState body) => new()
    {
        Path = run.PathOf(id),
        Kind = KindOf(plan),
        Phase = body.Phase switch
        {
            BodyPhase.Completed => TaskPhase.Completed,
            BodyPhase.Failed => TaskPhase.Failed,
            BodyPhase.Cancelled => TaskPhase.Cancelled,
            _ => TaskPhase.Running,
        },
        Attempts = body.Attempt,
        Output = body.Output is { } done ? CommandOutput.Readable(done) : null,
        Error = body.Error,
        Wait = WaitOf(body),
        WaitsFor = WaitsFor(plan, body),
        Until = body.DueAt ?? body.TimeoutAt,
    };

    /// <summary>The tasks of a group's instance: of one that failed as well, while it is kept for a retry.</summary>
    private IEnumerable<TaskDescription> Opened(BodyState body) =>
        body.Opened > 0 && run.Scopes.TryGetValue(body.Opened, out var scope) ? Of(scope) : [];

    private static TaskWait WaitOf(BodyState body) => body.Phase switch
    {
        BodyPhase.Ready => TaskWait.Place,
        BodyPhase.Attempting => TaskWait.Worker,
        BodyPhase.Waiting => body.Attempt > 0 ? TaskWait.Retry : TaskWait.Iteration,
        BodyPhase.Delaying => TaskWait.Delay,
        BodyPhase.AwaitingSignal => TaskWait.Signal,
        BodyPhase.AwaitingAnswer => TaskWait.Answer,
        BodyPhase.AwaitingChild => TaskWait.Child,
        _ => TaskWait.None,
    };

    private static string? WaitsFor(BodyPlan plan, BodyState body) => body.Phase switch
    {
        BodyPhase.Attempting => ((BodyPlan.Uses)plan).Handler,
        BodyPhase.AwaitingSignal => ((BodyPlan.Signal)plan).Name,
        BodyPhase.AwaitingAnswer => body.Question!.Prompt,
        BodyPhase.AwaitingChild => body.Child!.ChildId,
        BodyPhase.Waiting when body.Attempt == 0 => string.Create(CultureInfo.InvariantCulture, $"iteration {body.Iteration}"),
        _ => null,
    };

    private static string KindOf(BodyPlan plan) => plan switch
    {
        BodyPlan.Uses => "uses",
        BodyPlan.Child => "workflow",
        BodyPlan.Group => "tasks",
        BodyPlan.Switch => "switch",
        BodyPlan.Set => "set",
        BodyPlan.Signal => "signal",
        BodyPlan.Ask => "ask",
        BodyPlan.Delay => "delay",
        BodyPlan.Fail => "fail",
        _ => throw new InvalidOperationException($"No word for {plan.GetType().Name}."),
    };
}
