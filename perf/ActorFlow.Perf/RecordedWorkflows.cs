using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Perf;

/// <summary>Recorded executions of real workflows (WfFormat), imported and run: each task once, none before its parents.</summary>
internal static class RecordedWorkflows
{
    private const string Largest = "bwa-chameleon-medium-001";
    private const string Timed = "montage-chameleon-2mass-015d-001";
    private const double TimeScale = 0.002;
    private const int Rounds = 5;

    /// <summary>Measures.</summary>
    /// <param name="folder">Where the recorded executions are.</param>
    public static async IAsyncEnumerable<Measured> MeasureAsync(string folder)
    {
        var directory = Directory.CreateTempSubdirectory("actorflow-perf-").FullName;
        await using var node = await EmbeddedNode.StartAsync(slots: 4_096).ConfigureAwait(false);
        node.Log.KeepsEntries = true;
        try
        {
            foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileNameWithoutExtension(file);
                var definition = await ImportAsync(file, directory, "0").ConfigureAwait(false);
                var bar = new Bar($"{name}: {definition.Tasks.Length:n0} tasks", "s", name == Largest ? 1.5 : 5);
                yield return new(bar, await RunAsync(node, definition).ConfigureAwait(false));
            }

            var timed = await ImportAsync(Path.Combine(folder, Timed + ".json"), directory, "0.002").ConfigureAwait(false);
            var critical = CriticalPath(timed);
            var makespan = new Bar($"{Timed} at time scale {TimeScale}: critical path {critical:0.00} s", "s", (critical * 1.1) + 1);
            yield return new(makespan, await RunAsync(node, timed).ConfigureAwait(false));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<double>> RunAsync(EmbeddedNode node, WorkflowDefinition definition)
    {
        var needs = definition.Tasks.ToDictionary(task => task.Id, task => task.Needs.Select(need => need.Task).ToArray());
        var reference = await node.Engine.RegisterAsync(definition).ConfigureAwait(false);
        var values = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            node.Log.Clear();
            values.Add((await node.RunAsync(reference, Payload.EmptyObject).ConfigureAwait(false)).TotalSeconds);
            node.Log.Check(needs);
        }

        return values;
    }

    private static async Task<WorkflowDefinition> ImportAsync(string file, string directory, string timeScale)
    {
        var imported = Path.Combine(directory, "imported.yaml");
        await Command.RunAsync(directory, "import", "wfformat", file, "--time-scale", timeScale, "-o", imported).ConfigureAwait(false);
        await Command.RunAsync(directory, "validate", imported).ConfigureAwait(false);
        return DefinitionReader.Read(await File.ReadAllBytesAsync(imported).ConfigureAwait(false), imported).Main;
    }

    private static double CriticalPath(WorkflowDefinition definition)
    {
        var ends = new Dictionary<string, double>(StringComparer.Ordinal);
        var tasks = definition.Tasks.ToDictionary(task => task.Id, StringComparer.Ordinal);
        return definition.Tasks.Max(task => EndOf(task.Id));

        double EndOf(string id)
        {
            if (!ends.TryGetValue(id, out var end))
            {
                ends[id] = end = Seconds(tasks[id]) + tasks[id].Needs.Select(need => EndOf(need.Task)).DefaultIfEmpty().Max();
            }

            return end;
        }
    }

    private static double Seconds(TaskDefinition task)
    {
        using var with = ((TaskKind.Uses)task.Kind).With.ToDocument();
        return Duration.TryParse(with.RootElement.GetProperty("for").GetString(), out var duration) ? duration.TotalSeconds : 0;
    }
}
