using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Finding things: bodies, their plans, their paths and orders.</summary>
internal sealed partial class RunState
{
    public TaskPlan PlanOf(BodyId body) => Scopes[body.Scope].Plan.Tasks[body.Task];

    /// <summary>What a worker runs for the body: the task's handler, or its compensation's.</summary>
    public BodyPlan.Uses UsesOf(BodyId body) => body.Scope == CompensationScope
        ? Plan.Tasks[Undoing!.Entry.TaskOrder].Compensate!
        : (BodyPlan.Uses)PlanOf(body).Body;

    /// <summary>The body under that name, in that very iteration; none if there is no such live body.</summary>
    public BodyState? Find(BodyId id)
    {
        if (id.Scope == CompensationScope)
        {
            return Undoing is { } undoing && id == new BodyId(CompensationScope, undoing.Number, 0, 0) ? undoing.Body : null;
        }

        if (!Scopes.TryGetValue(id.Scope, out var scope) || (uint)id.Task >= (uint)scope.Tasks.Count)
        {
            return null;
        }

        var task = scope.Tasks[id.Task];
        var body = task.Fan is { } fan
            ? (uint)id.Element < (uint)fan.Elements.Count ? fan.Elements[id.Element] : null
            : id.Element == 0 ? task.Body : null;
        return body?.Iteration == id.Iteration ? body : null;
    }

    public BodyState Get(BodyId id) =>
        Find(id) ?? throw new InvalidOperationException($"The journal names the body {id}, which is not live.");

    /// <summary>The path for people, and of the idempotency key: elements in brackets, iterations behind a hash sign.</summary>
    public string PathOf(BodyId id)
    {
        if (id.Scope == CompensationScope)
        {
            return Undoing!.Entry.Path + "!compensate";
        }

        var scope = Scopes[id.Scope];
        var plan = scope.Plan.Tasks[id.Task];
        var element = plan.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"[{id.Element}]");
        var iteration = plan.RepeatCondition is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"#{id.Iteration}");
        return string.Concat(scope.Path, plan.Id, element, iteration);
    }

    /// <summary>Rule 11: the parent's id, then a segment for each group around the task and for the task itself.</summary>
    public string ChildIdOf(BodyId id)
    {
        var scope = Scopes[id.Scope];
        var plan = scope.Plan.Tasks[id.Task];
        var element = plan.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $".{id.Element}");
        var iteration = plan.RepeatCondition is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"~{id.Iteration}");
        return string.Concat(scope.IsRoot ? WorkflowId : ChildIdOf(scope.Owner), "/" + plan.Id, element, iteration);
    }

    public string TaskPath(int scope, int task) => Scopes[scope].Path + Scopes[scope].Plan.Tasks[task].Id;

    public TaskOrder? OrderFor(BodyId id)
    {
        if (Find(id) is not { Phase: BodyPhase.Attempting, Withdrawn: false } body || body.Losses >= Limits.LossesInARow)
        {
            return null;
        }

        var uses = UsesOf(id);
        return new(
            AttemptOf(id, body), PathOf(id), uses.Handler, uses.Queue, uses.Priority, body.Input!, body.Secrets, uses.Timeout, uses.Heartbeat,
            body.ReadyAt, body.Progress)
        {
            Directory = Directory,
        };
    }

    public Payload? InputFor(AttemptId attempt, LeaseId lease) =>
        attempt.RunId == RunId
        && attempt.Generation == Generation
        && Find(attempt.Body) is { Phase: BodyPhase.Attempting, Withdrawn: false } body
        && body.Attempt == attempt.Number
        && (lease > body.Lost || body.Lost == LeaseId.None)
            ? body.Input
            : null;

    public WithdrawnAttempt? WithdrawnFor(BodyId id) =>
        Find(id) is { Phase: BodyPhase.Attempting, Withdrawn: true } body ? new(AttemptOf(id, body), UsesOf(id).Queue) : null;

    public AttemptId AttemptOf(BodyId id, BodyState body) => new(RunId, Generation, id, body.Attempt);
}
