using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>
/// Checks that the tasks that expressions name are upstream. It takes sixty-four named tasks at a time, with one pass over the needs for
/// each batch, so that neither time nor memory grows with the square of the tasks.
/// </summary>
internal static class UpstreamCheck
{
    private const int BatchSize = 64;

    public static void Run(Scope scope, NeedsGraph graph, Findings findings)
    {
        // In a cycle everything is upstream of everything; the cycle itself is the error.
        var knotted = graph.Knotted.ToHashSet();
        var doubtful = scope.References.Where(reference => !knotted.Contains(reference.Task) && !scope.Needs[reference.Task].Contains(reference.Target));
        foreach (var batch in doubtful.GroupBy(reference => reference.Target).Chunk(BatchSize))
        {
            var upstream = UpstreamOf(scope, graph, [.. batch.Select(group => group.Key)]);
            for (var bit = 0; bit < batch.Length; bit++)
            {
                foreach (var reference in batch[bit].Where(reference => (upstream[reference.Task] & (1UL << bit)) == 0))
                {
                    Report(scope, reference, findings);
                }
            }
        }
    }

    /// <summary>For each task, the targets that are upstream of it, one bit for each target.</summary>
    private static ulong[] UpstreamOf(Scope scope, NeedsGraph graph, int[] targets)
    {
        var own = new ulong[scope.Tasks.Length];
        for (var bit = 0; bit < targets.Length; bit++)
        {
            own[targets[bit]] |= 1UL << bit;
        }

        var upstream = new ulong[scope.Tasks.Length];
        foreach (var task in graph.Order)
        {
            foreach (var need in scope.Needs[task])
            {
                upstream[task] |= upstream[need] | own[need];
            }
        }

        return upstream;
    }

    private static void Report(Scope scope, UpstreamReference reference, Findings findings)
    {
        var (task, target) = (scope.Tasks[reference.Task].Id, scope.Tasks[reference.Target].Id);
        findings.Error(
            DefinitionCodes.NotUpstream,
            reference.Path,
            $"{Excerpt.Of("tasks." + target)} is not upstream of {Excerpt.Of(task)}: nothing that {Excerpt.Of(task)} needs leads to it; add it to `needs`",
            offset: reference.Offset);
    }
}
