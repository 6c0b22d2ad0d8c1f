using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Perf.Specs;

/// <summary>The workflows that peers were measured with, beside the chain, and what each gives.</summary>
internal static class PeerGraphs
{
    /// <summary>The task of <see cref="LinearWaiting"/> that waits.</summary>
    public const string Wait = "wait";

    /// <summary>Layers of tasks, each task behind the whole layer before and passing on what its neighbour there gave.</summary>
    public static WorkflowDefinition Layers(int layers, int width) => new()
    {
        Name = $"layers-{layers}-{width}",
        Tasks = [.. Enumerable.Range(0, layers).SelectMany(layer => Enumerable.Range(0, width).Select(place => LayerTask(layer, place, width)))],
    };

    /// <summary>What <see cref="Layers"/> gives.</summary>
    public static string LayersOutput(int layers, int width) => Output(width, place => Id(layers - 1, place));

    /// <summary>What <see cref="Graphs.Parallel"/> gives.</summary>
    public static string ParallelOutput(int branches) => Output(branches, branch => $"t{branch}");

    /// <summary>The chain, with one task that is held until it is let go.</summary>
    public static WorkflowDefinition LinearHeld(int steps, int held)
    {
        var plain = Graphs.Linear(steps, "held");
        var task = plain.Tasks[held];
        return plain with { Tasks = plain.Tasks.SetItem(held, task with { Kind = (TaskKind.Uses)task.Kind with { Handler = "hold" } }) };
    }

    /// <summary>The chain, with a wait for the signal <c>go</c> behind some of its tasks.</summary>
    public static WorkflowDefinition LinearWaiting(int steps, int before)
    {
        var plain = Graphs.Linear(steps, "waiting");
        var wait = Graphs.SignalWait().Tasks[0] with { Id = Wait, Needs = plain.Tasks[before].Needs };
        var next = plain.Tasks[before] with { Needs = [new(Wait, null)] };
        return plain with { Tasks = [.. plain.Tasks.SetItem(before, next), wait] };
    }

    private static TaskDefinition LayerTask(int layer, int place, int width) => new()
    {
        Id = Id(layer, place),
        Kind = new TaskKind.Uses("echo", Payload.From(new
        {
            n = layer == 0 ? place.ToString(CultureInfo.InvariantCulture) : $"${{{{ tasks.{Id(layer - 1, place)}.output.n }}}}",
        })),
        Needs = layer == 0 ? [] : [.. Enumerable.Range(0, width).Select(before => new Need(Id(layer - 1, before), null))],
    };

    private static string Id(int layer, int place) => $"l{layer}x{place}";

    private static string Output(int width, Func<int, string> id) =>
        $"{{{string.Join(',', Enumerable.Range(0, width).Select(place => $"\"{id(place)}\":{{\"n\":\"{place}\"}}"))}}}";
}
