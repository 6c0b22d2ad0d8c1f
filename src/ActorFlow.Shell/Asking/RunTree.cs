using System.Collections.Immutable;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary>A run and the children that it waits for.</summary>
internal sealed class RunTree(EmbeddedNode node, string id, TimeProvider clock)
{
    /// <summary>A wait that falls due sooner does not end the command.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    /// <summary>Finds what the run and its children wait for now.</summary>
    public async Task<Standing> LookAsync(CancellationToken cancellationToken)
    {
        var waits = ImmutableArray.CreateBuilder<OpenWait>();
        var goesOn = false;
        var next = new Queue<string>([id]);
        while (next.TryDequeue(out var run))
        {
            if (await DescribeAsync(run, cancellationToken).ConfigureAwait(false) is not { } description)
            {
                // The child is about to begin, or the parent is about to learn of its end.
                goesOn = true;
                continue;
            }

            waits.AddRange(WaitsOf(description));
            goesOn |= GoesOn(description);
            foreach (var child in description.Tasks.Where(task => task.Wait == TaskWait.Child))
            {
                next.Enqueue(child.WaitsFor!);
            }
        }

        return new(waits.DrainToImmutable(), goesOn);
    }

    private static IEnumerable<OpenWait> WaitsOf(WorkflowDescription run) => run.Questions
        .Select(question => (OpenWait)new OpenWait.Answer(run.Id, question))
        .Concat(run.Tasks
            .Where(task => task.Wait == TaskWait.Signal)
            .Select(task => new OpenWait.Signal(run.Id, task.Path, task.WaitsFor!)));

    private bool GoesOn(WorkflowDescription run) =>
        !run.OnlyWaits
        || run.NextDue - clock.GetUtcNow() < Soon
        || run.Tasks.Any(task => task.Wait is TaskWait.Worker or TaskWait.Retry or TaskWait.Iteration or TaskWait.Delay);

    private async Task<WorkflowDescription?> DescribeAsync(string run, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var description = await node.Client.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
                return description.Result is null ? description : null;
            }
            catch (NotFoundException unknown) when (unknown.Code == "workflow-not-found")
            {
                return null;
            }
            catch (RequestTimeoutException)
            {
                // The run is busy: ask again later.
            }
        }
    }
}
