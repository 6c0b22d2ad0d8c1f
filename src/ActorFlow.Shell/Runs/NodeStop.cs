using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// Stops a node in good order. If its store cannot write, it waits only for its handlers to end: no run can record
/// their results, and the next command finds the runs as they are recorded.
/// </summary>
internal sealed class NodeStop(IHost host, StoreHealth health, WorkerNode worker)
{
    /// <summary>The longest stop while the store cannot write: commands are killed two seconds after they were asked to end.</summary>
    private static readonly TimeSpan LongestInTrouble = TimeSpan.FromSeconds(2.4);

    private static readonly TimeSpan LeastInTrouble = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Stops it.</summary>
    public async Task StopAsync()
    {
        var stopping = host.StopAsync(CancellationToken.None);
        if (await IsOverAsync(stopping).ConfigureAwait(false))
        {
            await stopping.ConfigureAwait(false);
            host.Dispose();
        }
    }

    /// <summary>Whether the node has stopped; false means that the process ends without it.</summary>
    private async Task<bool> IsOverAsync(Task stopping)
    {
        using var timer = new PeriodicTimer(Interval);
        var inTrouble = TimeSpan.Zero;
        while (!stopping.IsCompleted)
        {
            if (health.WriteFailure is not null)
            {
                inTrouble += Interval;
                if (inTrouble >= LongestInTrouble || (inTrouble >= LeastInTrouble && worker.Running == 0))
                {
                    return false;
                }
            }

            await Task.WhenAny(stopping, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }

        return true;
    }
}
