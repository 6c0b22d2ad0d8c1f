using ActorFlow.Core.Definitions;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>Workflows whose tasks the recorder runs.</summary>
internal static class Definitions
{
    /// <summary>t0, then t1, ...</summary>
    public static WorkflowDefinition Linear(int tasks, TimeSpan? timeout = null) => new()
    {
        Name = $"linear-{tasks}",
        Tasks =
        [
            .. Enumerable.Range(0, tasks).Select(i => new TaskDefinition
            {
                Id = $"t{i}",
                Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.From(new { i })),
                Needs = i == 0 ? [] : [new($"t{i - 1}", null)],
                Timeout = timeout,
            }),
        ],
    };

    /// <summary>each[0], each[1], ... at once, then done.</summary>
    public static WorkflowDefinition Fan(int elements) => new()
    {
        Name = $"fan-{elements}",
        Tasks =
        [
            new() { Id = "each", ForEach = Payload.From(Enumerable.Range(0, elements)), Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject) },
            new() { Id = "done", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject), Needs = [new("each", null)] },
        ],
    };

    /// <summary>charge, which is undone if the run fails.</summary>
    public static WorkflowDefinition Charged() => new()
    {
        Name = "charged",
        OnFailure = FailurePolicy.Compensate,
        Tasks =
        [
            new()
            {
                Id = "charge",
                Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject),
                Compensate = new(TaskRecorder.HandlerName, Payload.EmptyObject),
            },
        ],
    };

    /// <summary>Waits, and then runs t.</summary>
    public static WorkflowDefinition Delayed(string delay) => new()
    {
        Name = "delayed",
        Tasks =
        [
            new() { Id = "wait", Kind = new TaskKind.Delay(delay) },
            new() { Id = "t", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.EmptyObject), Needs = [new("wait", null)] },
        ],
    };
}
