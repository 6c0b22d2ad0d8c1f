using System.Globalization;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Testing.Workflows;

/// <summary>The paths of the bodies that the events of a run name, found as the events are walked.</summary>
internal sealed class RunPaths(WorkflowPlan plan)
{
    private readonly Dictionary<int, (ScopePlan Plan, string Prefix)> _scopes = new() { [0] = (plan.Root, string.Empty) };
    private readonly Dictionary<int, string> _compensations = [];
    private readonly Stack<string> _undos = new();
    private RunImage? _rewindingTo;

    public TaskPlan? PlanOf(BodyId body) => body.Scope < 0 ? null : _scopes[body.Scope].Plan.Tasks[body.Task];

    /// <summary>The plan and the prefix of a scope.</summary>
    public (ScopePlan Plan, string Prefix) Scope(int id) => _scopes[id];

    public string PathOf(int scope, int task) => _scopes[scope].Prefix + _scopes[scope].Plan.Tasks[task].Id;

    /// <summary>The path for people, with or without the iteration of the body's own loop.</summary>
    public string PathOf(BodyId body, bool withIteration = true)
    {
        if (body.Scope < 0)
        {
            return _compensations.TryGetValue(body.Task, out var known) ? known : _compensations[body.Task] = _undos.Pop() + "!compensate";
        }

        var task = PlanOf(body)!;
        var element = task.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"[{body.Element}]");
        var iteration = task.RepeatCondition is null || !withIteration ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"#{body.Iteration}");
        return string.Concat(PathOf(body.Scope, body.Task), element, iteration);
    }

    /// <summary>Takes note of what an event changes; called for each before its paths are asked for.</summary>
    public void Follow(WorkflowEvent @event)
    {
        switch (@event)
        {
            case WorkflowEvent.Started { Image: { } image }:
                TakeUp(image, undos: false);
                break;
            case WorkflowEvent.GroupOpened e:
                Open(e.Opened, e.Body);
                break;
            case WorkflowEvent.BodyCompleted { Undo: not null } e:
                _undos.Push(PathOf(e.Body));
                break;
            case WorkflowEvent.AttemptCancelled { Undo: not null } e:
                _undos.Push(PathOf(e.Body));
                break;
            case WorkflowEvent.RewindRequested e:
                _rewindingTo = e.Image;
                break;
            case WorkflowEvent.Rewound e:
                TakeUp(e.Image ?? _rewindingTo!, undos: true);
                break;
            default:
                break;
        }
    }

    private void Open(int scope, BodyId owner) => _scopes[scope] = (((BodyPlan.Group)PlanOf(owner)!.Body).Scope, PathOf(owner) + "/");

    private void TakeUp(RunImage image, bool undos)
    {
        foreach (var scope in image.Scopes.Where(scope => scope.Id != 0))
        {
            Open(scope.Id, scope.Owner);
        }

        _undos.Clear();
        foreach (var undo in undos ? image.Undos.Reverse() : [])
        {
            _undos.Push(undo.Path);
        }
    }
}
