using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Shell.Runs;
using Akka.Actor;

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
        if ((await node.Engine.DetailsAsync(run, cancellationToken).ConfigureAwait(false)).Image.Parent is not { } link)
        {
            return null;
        }

        try
        {
            var parent = await node.Engine.DetailsAsync(link.WorkflowId, cancellationToken).ConfigureAwait(false);
            var plan = await node.PlanOfAsync(parent.Image.Definition, cancellationToken).ConfigureAwait(false);
            var waits = parent.Outcome is null
                && RunDescription.Of(plan, parent.Image).Tasks.Any(task => task.Wait == TaskWait.Child && task.WaitsFor == run);
            return waits ? link.WorkflowId : null;
        }
        catch (Exception error) when (error is WorkflowRefusedException or AskTimeoutException or CommandFailure)
        {
            // The run was purged or cannot be read: the command works without it.
            return null;
        }
    }
}
