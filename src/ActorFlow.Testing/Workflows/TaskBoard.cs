using System.Globalization;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Testing.Workflows;

/// <summary>
/// The tasks of a run: those of scopes that the run still holds come from its state, elements and tasks of groups
/// that have ended come from the history.
/// </summary>
internal sealed class TaskBoard
{
    private readonly SortedDictionary<string, TestTask> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    private TaskBoard()
    {
    }

    public static IReadOnlyDictionary<string, TestTask> Of(LiveRun run)
    {
        var board = new TaskBoard();
        var paths = new RunPaths(run.Plan);
        for (var sequence = 1L; sequence <= run.Journal.Sequence; sequence++)
        {
            foreach (var @event in run.Journal.Read(sequence).Events)
            {
                paths.Follow(@event);
                board.Follow(@event, paths);
            }
        }

        var image = run.State switch
        {
            WorkflowState.Open open => open.ToImage(),
            WorkflowState.Closed closed => closed.ToImage(),
            _ => null,
        };
        board.Take(image, paths);
        return board._tasks;
    }

    private void Take(RunImage? image, RunPaths paths)
    {
        foreach (var scope in image?.Scopes ?? [])
        {
            var (plan, prefix) = paths.Scope(scope.Id);
            foreach (var (task, state) in plan.Tasks.Zip(scope.Tasks))
            {
                var path = prefix + task.Id;
                _tasks[path] = new(path, state.Phase, state.Starts, state.Output ?? Payload.Null, state.Error);
                CancelCutShort(path, state.Fan);
            }
        }
    }

    /// <summary>Cancels elements whose loop stopped with its scope after an iteration that completed.</summary>
    private void CancelCutShort(string path, FanImage? fan)
    {
        for (var index = 0; index < (fan?.Elements.Length ?? 0); index++)
        {
            var element = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (fan!.Elements[index].Phase == TaskExecutionPhase.Cancelled && _tasks.TryGetValue(element, out var task) && task.Status == TaskPhase.Running)
            {
                Set(element, TaskPhase.Cancelled, null, null);
            }
        }
    }

    private void Follow(WorkflowEvent @event, RunPaths paths)
    {
        if (@event is WorkflowEvent.AttemptsStarted { Attempts: var attempts })
        {
            foreach (var attempt in attempts)
            {
                Begin(paths.PathOf(attempt.Execution, withIteration: false));
            }

            return;
        }

        if (@event is WorkflowEvent.TaskSkipped skipped)
        {
            Set(paths.PathOf(skipped.Scope, skipped.Task), TaskPhase.Skipped, null, null);
        }
        else if (@event is WorkflowEvent.TaskFailed failed)
        {
            Set(paths.PathOf(failed.Scope, failed.Task), TaskPhase.Failed, null, failed.Error);
        }
        else if (RunEvents.TaskExecutionOf(@event) is { } execution)
        {
            Follow(@event, paths.PathOf(execution, withIteration: false), paths.PlanOf(execution)?.Execution is TaskExecutionPlan.Group ? paths.PathOf(execution) + "/" : null);
        }
    }

    private void Follow(WorkflowEvent @event, string path, string? group)
    {
        switch (@event)
        {
            case WorkflowEvent.DelayStarted or WorkflowEvent.GroupOpened or WorkflowEvent.SignalAwaited or WorkflowEvent.QuestionAsked or WorkflowEvent.ChildRequested:
                Begin(path);
                return;
            case WorkflowEvent.TaskExecutionCompleted e:
                if (!_begun.Contains(path))
                {
                    Begin(path);
                }

                Set(path, e.LoopError is not null ? TaskPhase.Failed : e.NextIterationAt is null ? TaskPhase.Completed : TaskPhase.Running, e.Output, e.LoopError);
                break;
            case WorkflowEvent.TaskExecutionFailed e:
                Set(path, TaskPhase.Failed, null, e.Error);
                break;
            case WorkflowEvent.AttemptFailed { RetryAt: null } e:
                Set(path, TaskPhase.Failed, null, e.Error);
                break;
            case WorkflowEvent.TaskExecutionCancelled or WorkflowEvent.AttemptCancelled:
                Set(path, TaskPhase.Cancelled, null, null);
                break;
            default:
                return;
        }

        _begun.Remove(path);
        foreach (var inner in group is null ? [] : _tasks.Values.Where(task => task.Status == TaskPhase.Running && task.Path.StartsWith(group, StringComparison.Ordinal)).ToList())
        {
            Set(inner.Path, TaskPhase.Cancelled, null, null);
        }
    }

    private void Begin(string path)
    {
        _begun.Add(path);
        _tasks[path] = new(path, TaskPhase.Running, AttemptsOf(path) + 1, Payload.Null, null);
    }

    private void Set(string path, TaskPhase status, Payload? output, TaskError? error) =>
        _tasks[path] = new(path, status, AttemptsOf(path), output ?? Payload.Null, error);

    private int AttemptsOf(string path) => _tasks.TryGetValue(path, out var task) ? task.Attempts : 0;
}
