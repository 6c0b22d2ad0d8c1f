using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Shell.Runs;
using Akka.Actor;

namespace ActorFlow.Shell.Asking;

/// <summary>Runs that wait for their children.</summary>
internal static class WaitingRuns
{
    /// <summary>
    /// The run to go on with, so that this one goes on: the topmost of those that wait for each other. One that its parent left goes on
    /// by itself. Asked before anything is delivered, for that may be all that this run waits for.
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
            // Purged, or not to be read: what was asked for can be done without it.
            return null;
        }
    }
}
