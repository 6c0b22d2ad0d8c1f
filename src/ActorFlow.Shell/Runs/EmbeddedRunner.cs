using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Shell.Runs;

/// <summary>Runs a workflow on a node inside this process: its own worker, its own database in the data directory.</summary>
internal sealed class EmbeddedRunner : IWorkflowRunner
{
    // When the node leaves, its worker is drained and its regions are down; nobody is there to wait for its leave to get around.
    private const string Settings =
        """
        akka.loglevel = WARNING
        akka.coordinated-shutdown.phases.cluster-exiting.timeout = 10ms
        """;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Handlers { get; } = ["echo", "http", "process", "sleep"];

    /// <inheritdoc/>
    public async Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, CancellationToken cancellationToken)
    {
        using var host = BuildHost(request, new ProgressFeed(request.Id, progress));
        var engine = await StartAsync(host).ConfigureAwait(false);
        try
        {
            return await RunAsync(engine, request, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowRefusedException refused)
        {
            throw new CommandFailure(refused.Message, refused.Code == "id-conflict" ? ExitCode.Conflict : ExitCode.Invalid, refused);
        }
        catch (StoreWriteException failed)
        {
            throw new CommandFailure(failed.Message, ExitCode.Unreachable, failed);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static IHost BuildHost(RunRequest request, ProgressFeed feed)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<ITaskObserver>(feed);
        builder.Services.AddSingleton<IRunObserver>(feed);
        builder.Services.AddBuiltInTasks(new BuiltInTaskOptions { Process = true });
        builder.Services.AddActorFlow(options =>
        {
            options.Persistence.DataDirectory = request.DataDirectory;
            // Other open runs in the directory are resumed by their own command, not by this one.
            options.Cluster.RememberRuns = false;
            options.Hocon = Settings;
            if (request.Parallel is { } slots)
            {
                options.Worker = options.Worker with { Slots = options.Worker.Slots.SetItem(WorkerOptions.DefaultQueue, slots) };
            }
        });
        return builder.Build();
    }

    private static async Task<WorkflowEngine> StartAsync(IHost host)
    {
        try
        {
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return host.Services.GetRequiredService<WorkflowEngine>();
        }
        catch (DataDirectoryException unusable)
        {
            throw new CommandFailure(unusable.Message, ExitCode.Unreachable, unusable);
        }
    }

    private static async Task<RunResult> RunAsync(WorkflowEngine engine, RunRequest request, CancellationToken cancellationToken)
    {
        DefinitionReference? main = null;
        foreach (var definition in request.Definitions)
        {
            var reference = await engine.RegisterAsync(definition, cancellationToken).ConfigureAwait(false);
            main ??= reference;
        }

        if (request.Input is null && !request.IsNewId && await FindAsync(engine, request.Id, cancellationToken).ConfigureAwait(false) is { } known)
        {
            if (known.Hash != main!.Hash)
            {
                throw new CommandFailure(
                    $"the id '{request.Id}' is in use by a run of {known.Name}@{known.Version} with other content. Choose another --id.",
                    ExitCode.Conflict);
            }
        }
        else
        {
            await engine.StartAsync(request.Id, main!, request.Input ?? Payload.EmptyObject, cancellationToken).ConfigureAwait(false);
        }

        return ResultOf(await engine.EndOfAsync(request.Id, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<DefinitionReference?> FindAsync(WorkflowEngine engine, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false) switch
            {
                WorkflowReply.Status open => open.Definition,
                WorkflowReply.Ended ended => ended.Definition,
                _ => null,
            };
        }
        catch (WorkflowRefusedException refused) when (refused.Code == "workflow-not-found")
        {
            return null;
        }
    }

    private static RunResult ResultOf(WorkflowReply.Ended ended) => new(
        ended.Outcome switch
        {
            RunOutcome.Completed => RunStatus.Completed,
            RunOutcome.Failed => RunStatus.Failed,
            RunOutcome.Cancelled => RunStatus.Cancelled,
            _ => RunStatus.Terminated,
        },
        ended.Outcome == RunOutcome.Completed ? ended.Output : null,
        ended.Error is { } error ? $"{error.Type}: {error.Message}" : ended.Reason,
        [.. ended.Failures.Select(task => new FailedTask(task.Path, task.Type, task.Attempts, task.Message))]);
}
