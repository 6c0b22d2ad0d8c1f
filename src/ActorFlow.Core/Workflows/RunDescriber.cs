using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>Describes runs: the one place that tells what a run does and waits for.</summary>
internal static class RunDescriber
{
    /// <summary>Describes an image of an open run, of a closed one, or of a checkpoint.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="image">The run.</param>
    /// <param name="result">How it ended; null means that it is open, or that the image is a checkpoint.</param>
    /// <exception cref="InvalidOperationException">The image does not fit the plan.</exception>
    public static WorkflowDescription Describe(WorkflowPlan plan, RunImage image, WorkflowResult? result = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var run = RunImages.Of(plan, image);
        var open = new WorkflowState.Open(run);
        var tasks = new TaskDescriber(run).All().ToList();
        return new()
        {
            Id = image.WorkflowId,
            RunId = image.RunId,
            Definition = image.Definition,
            Status = result?.Status ?? StatusOf(open, image.Paused),
            Generation = image.Generation,
            Input = image.Input,
            StartedAt = image.StartedAt,
            UpdatedAt = image.At,
            Result = result,
            Parent = image.Parent?.WorkflowId,
            ForkedFrom = image.Origin is { } origin ? new(origin.WorkflowId, origin.Sequence) : null,
            Tags = image.Tags,
            Stopping = result is null ? open.Stopping : null,
            OnlyWaits = result is null && open.IsWaiting,
            Progress = run.Progress,
            NextDue = result is null ? open.NextDue : null,
            Tasks = [.. tasks],
            Waits = result is null ? [.. tasks.Select(WaitOf).OfType<WaitDescription>()] : [],
            Questions = [.. run.OpenQuestions()],
            Signals = [.. image.Signals.Select(signal => new PendingSignal(signal.Name, signal.Payload))],
            Failures = image.Failures,
            ToUndo = [.. image.Undos.Select(undo => undo.Path)],
        };
    }

    /// <summary>Adds the waits for a worker: a run does not know which handlers no worker offers.</summary>
    /// <param name="described">The description of an open run.</param>
    /// <param name="isMissing">Whether no worker offers a handler.</param>
    public static WorkflowDescription WithMissing(WorkflowDescription described, Func<string, bool> isMissing) => described with
    {
        Waits =
        [
            .. described.Waits,
            .. from task in described.Tasks
               where task is { Wait: TaskWait.Worker, WaitsFor: { } handler } && isMissing(handler)
               select new WaitDescription(task.Path, WaitKind.Worker, task.Since, task.Until, task.WaitsFor),
        ],
    };

    private static WorkflowStatus StatusOf(WorkflowState.Open open, bool isPaused) =>
        isPaused ? WorkflowStatus.Paused : open.IsWaiting ? WorkflowStatus.Waiting : WorkflowStatus.Running;

    /// <summary>The wait of a task; null means that it does not wait, or waits for an attempt, of which the run does not know whether a worker has it.</summary>
    private static WaitDescription? WaitOf(TaskDescription task)
    {
        WaitKind? kind = task.Wait switch
        {
            TaskWait.Place => WaitKind.Slot,
            TaskWait.Retry => WaitKind.Retry,
            TaskWait.Iteration or TaskWait.Delay => WaitKind.Delay,
            TaskWait.Signal => WaitKind.Signal,
            TaskWait.Answer => WaitKind.Answer,
            TaskWait.Child => WaitKind.Child,
            _ => null,
        };
        return kind is { } known ? new(task.Path, known, task.Since, task.Until, task.WaitsFor) : null;
    }
}
