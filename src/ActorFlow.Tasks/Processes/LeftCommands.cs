using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Tasks.Processes;

/// <summary>
/// When a worker starts, ends the commands that a killed worker of the same directory left running: their attempts are offered again, and
/// would run beside them. This works on Linux only: elsewhere the environment of a process, by which they are found, cannot be read.
/// </summary>
internal sealed class LeftCommands(ProcessTaskOptions options, ILogger logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || Find() is not { Count: > 0 } left)
        {
            return;
        }

        logger.LogWarning("A worker of this directory was killed and left {Count} processes of its commands running; they are ended.", left.Count);
        await LinuxProcess.EndAsync(Find).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private List<int> Find()
    {
        var own = WorkerMark.Of(options);
        var all = LinuxProcess.ReadAll();
        var found = all.Where(process => IsLeft(process, own)).Select(process => process.Id).ToHashSet();
        if (found.Count == 0)
        {
            return [];
        }

        // This process itself may descend from a script that was left.
        var members = LinuxProcess.WithDescendants(all, found).ToHashSet();
        var parents = all.ToDictionary(process => process.Id, process => process.Parent);
        for (var id = Environment.ProcessId; parents.TryGetValue(id, out var parent); id = parent)
        {
            members.Remove(parent);
        }

        return [.. members];
    }

    private static bool IsLeft(LinuxProcess process, WorkerMark own) =>
        process.FindInEnvironment(ProcessTree.Variable) is { } marks
        && marks.Split('/').Any(text => WorkerMark.Read(text) is { } mark && mark.Home == own.Home && mark.IsLeft);
}
