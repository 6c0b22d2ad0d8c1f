using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Perf.Specs;

/// <summary>The workflows that several specs run.</summary>
internal static class Graphs
{
    /// <summary>A chain, each task passing on what the one before gave.</summary>
    public static WorkflowDefinition Linear(int steps, string prefix = "linear") => new()
    {
        Name = $"{prefix}-{steps}",
        Tasks = [.. Enumerable.Range(0, steps).Select(step => Task(step, Echo(step == 0 ? "7" : $"${{{{ tasks.t{step - 1}.output.n }}}}"), Previous(step)))],
    };

    /// <summary>What <see cref="Linear"/> gives.</summary>
    public static string LinearOutput(int steps) => $"{{\"t{steps - 1}\":{{\"n\":\"7\"}}}}";

    /// <summary>A chain of bodies that take a time.</summary>
    public static WorkflowDefinition LinearSleeps(int steps, int milliseconds, int checkpointEvery = WorkflowDefinition.DefaultCheckpointEvery) => new()
    {
        Name = $"sleeps-{steps}-{milliseconds}-{checkpointEvery}",
        CheckpointEvery = checkpointEvery,
        Tasks = [.. Enumerable.Range(0, steps).Select(step => Task(step, Sleep(milliseconds), Previous(step)))],
    };

    /// <summary>What <see cref="LinearSleeps"/> gives.</summary>
    public static string LinearSleepsOutput(int steps) => $"{{\"t{steps - 1}\":null}}";

    /// <summary>Independent tasks.</summary>
    public static WorkflowDefinition Parallel(int branches, string prefix = "parallel") => new()
    {
        Name = $"{prefix}-{branches}",
        Tasks = [.. Enumerable.Range(0, branches).Select(branch => Task(branch, Echo(branch.ToString(CultureInfo.InvariantCulture)), []))],
    };

    /// <summary>Independent bodies that take a time.</summary>
    public static WorkflowDefinition ParallelSleeps(int branches, int milliseconds) => new()
    {
        Name = $"parallel-sleeps-{branches}-{milliseconds}",
        Tasks = [.. Enumerable.Range(0, branches).Select(branch => Task(branch, Sleep(milliseconds), []))],
    };

    /// <summary>What <see cref="ParallelSleeps"/> gives.</summary>
    public static string ParallelSleepsOutput(int branches) => $"{{{string.Join(',', Enumerable.Range(0, branches).Select(branch => $"\"t{branch}\":null"))}}}";

    /// <summary>A fan-out over numbers.</summary>
    public static WorkflowDefinition Each(int elements) => new()
    {
        Name = $"each-{elements}",
        Tasks = [new TaskDefinition { Id = "each", ForEach = Payload.From(Enumerable.Range(0, elements)), Kind = Echo("${{ item }}") }],
    };

    /// <summary>What <see cref="Each"/> gives.</summary>
    public static string EachOutput(int elements) => $"{{\"each\":[{string.Join(',', Enumerable.Range(0, elements).Select(element => $"{{\"n\":{element}}}"))}]}}";

    /// <summary>A run that waits for the signal <c>go</c>.</summary>
    public static WorkflowDefinition SignalWait() => new()
    {
        Name = "signal-wait",
        Tasks = [new TaskDefinition { Id = "wait", Kind = new TaskKind.Signal("go", null) }],
    };

    /// <summary>A loop that counts.</summary>
    public static TaskDefinition Loop(int iterations, string condition, ErrorPolicy onError = default) => new()
    {
        Id = "loop",
        Kind = new TaskKind.Set(Payload.From(new { n = "${{ iteration }}" })),
        Repeat = new(condition, false, iterations),
        OnError = onError,
    };

    private static TaskDefinition Task(int number, TaskKind kind, string[] needs) =>
        new() { Id = $"t{number}", Kind = kind, Needs = [.. needs.Select(need => new Need(need, null))] };

    private static string[] Previous(int step) => step == 0 ? [] : [$"t{step - 1}"];

    private static TaskKind Echo(string n) => new TaskKind.Uses("echo", Payload.From(new { n }));

    private static TaskKind Sleep(int milliseconds) =>
        new TaskKind.Uses("sleep", Payload.From(new Dictionary<string, string> { ["for"] = $"{milliseconds}ms" }));
}
