using ActorFlow.Core.Workflows.Explaining;
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
        return Describe(new WorkflowState.Open(RunImages.Of(plan, image)), image, result);
    }

    /// <summary>Describes a state that an image was taken of.</summary>
    /// <inheritdoc cref="Describe(WorkflowPlan, RunImage, WorkflowResult?)"/>
    public static WorkflowDescription Describe(WorkflowState.Open open, RunImage image, WorkflowResult? result = null)
    {
        var run = open.Run;
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
            BeginsAt = result is null ? run.Root.BeginsAt : null,
            Tasks = [.. tasks],
            Waits = result is null ? [.. tasks.Select(WaitOf).OfType<WaitDescription>()] : [],
            Questions = [.. run.OpenQuestions()],
            Signals = [.. image.Signals.Select(signal => new PendingSignal(signal.Name, signal.Payload))],
            Failures = image.Failures,
            ToUndo = [.. image.Undos.Select(undo => undo.Path)],
        };
    }

    /// <summary>Adds what only the task queues know: which attempts a worker has, and which wait for one.</summary>
    /// <param name="described">The description of an open run.</param>
    /// <param name="placeOf">Where the attempt of a task stands, by its path; null means that this is not known.</param>
    public static WorkflowDescription WithPlaces(WorkflowDescription described, Func<string, AttemptPlace?> placeOf)
    {
        var tasks = described.Tasks.Select(task => (Task: task, Place: task.Wait == TaskWait.Worker ? placeOf(task.Path) : null)).ToList();
        return described with
        {
            Tasks = [.. tasks.Select(pair => pair.Place is { Worker: { } worker } place ? pair.Task with { Worker = worker, Since = place.Since ?? pair.Task.Since } : pair.Task)],
            Waits =
            [
                .. described.Waits,
                .. from pair in tasks
                   where pair.Place is { Worker: null }
                   select new WaitDescription(pair.Task.Path, WaitKind.Worker, pair.Task.Since, pair.Task.Until, pair.Task.WaitsFor),
            ],
        };
    }

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
