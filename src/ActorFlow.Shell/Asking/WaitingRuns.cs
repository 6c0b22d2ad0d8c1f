using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary>Runs that wait for their children.</summary>
internal static class WaitingRuns
{
    /// <summary>
    /// The run to resume so that this one continues: the topmost of those that wait for each other. A run that its parent left continues
    /// by itself. It is determined before anything is delivered, since the run may wait for nothing else.
    /// </summary>
    public static async Task<string> TopOfAsync(EmbeddedNode node, string run, CancellationToken cancellationToken)
    {
        var top = run;
        while (top.Contains('/', StringComparison.Ordinal) && await WhoWaitsForAsync(node, top, cancellationToken).ConfigureAwait(false) is { } parent)
        {
            top = parent;
        }

        return top;
    }

    private static async Task<string?> WhoWaitsForAsync(EmbeddedNode node, string run, CancellationToken cancellationToken)
    {
        if ((await node.Client.DescribeAsync(run, cancellationToken).ConfigureAwait(false)).Parent is not { } parent)
        {
            return null;
        }

        try
        {
            var waits = (await node.Client.DescribeAsync(parent, cancellationToken).ConfigureAwait(false)).Waits;
            return waits.Any(wait => wait.Kind == WaitKind.Child && wait.Detail == run) ? parent : null;
        }
        catch (WorkflowRefusedException)
        {
            // The run was purged or cannot be read: the command works without it.
            return null;
        }
    }
}
