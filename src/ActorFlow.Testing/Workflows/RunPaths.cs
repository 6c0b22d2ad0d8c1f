using System.Globalization;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Testing.Workflows;

/// <summary>The paths of the executions that the events of a run name, found as the events are walked.</summary>
internal sealed class RunPaths(WorkflowPlan plan)
{
    private readonly Dictionary<int, (ScopePlan Plan, string Prefix)> _scopes = new() { [0] = (plan.Root, string.Empty) };
    private readonly Dictionary<int, string> _compensations = [];
    private readonly Stack<string> _undos = new();
    private RunImage? _rewindingTo;

    public TaskPlan? PlanOf(TaskExecutionId execution) => execution.Scope < 0 ? null : _scopes[execution.Scope].Plan.Tasks[execution.Task];

    /// <summary>The plan and the prefix of a scope.</summary>
    public (ScopePlan Plan, string Prefix) Scope(int id) => _scopes[id];

    public string PathOf(int scope, int task) => _scopes[scope].Prefix + _scopes[scope].Plan.Tasks[task].Id;

    /// <summary>The path for people, with or without the iteration of the execution's own loop.</summary>
    public string PathOf(TaskExecutionId execution, bool withIteration = true)
    {
        if (execution.Scope < 0)
        {
            return _compensations.TryGetValue(execution.Task, out var known) ? known : _compensations[execution.Task] = _undos.Pop() + "!compensate";
        }

        var task = PlanOf(execution)!;
        var element = task.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"[{execution.Element}]");
        var iteration = task.RepeatCondition is null || !withIteration ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"#{execution.Iteration}");
        return string.Concat(PathOf(execution.Scope, execution.Task), element, iteration);
    }

    /// <summary>Follows an event; it must be called for each event before its paths are read.</summary>
    public void Follow(WorkflowEvent @event)
    {
        switch (@event)
        {
            case WorkflowEvent.Started { Image: { } image }:
                TakeUp(image, undos: false);
                break;
            case WorkflowEvent.GroupOpened e:
                Open(e.Opened, e.Execution);
                break;
            case WorkflowEvent.TaskExecutionCompleted { Undo: not null } e:
                _undos.Push(PathOf(e.Execution));
                break;
            case WorkflowEvent.AttemptCancelled { Undo: not null } e:
                _undos.Push(PathOf(e.Execution));
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

    private void Open(int scope, TaskExecutionId owner) => _scopes[scope] = (((TaskExecutionPlan.Group)PlanOf(owner)!.Execution).Scope, PathOf(owner) + "/");

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
