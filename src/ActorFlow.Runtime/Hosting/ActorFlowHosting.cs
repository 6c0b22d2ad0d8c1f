using System.Diagnostics.Metrics;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Hosts ActorFlow in any .NET application.</summary>
public static class ActorFlowHosting
{
    /// <summary>
    /// Adds a node to the application: it starts and stops with the host. Add its database with <c>UseSqlite()</c> or
    /// <c>UsePostgres()</c>, each from its own package, and handlers with
    /// <see cref="TaskRegistrations.AddTask{THandler}"/>; start runs through <see cref="IWorkflowClient"/>. A
    /// <see cref="PersistenceStore"/> that was added before is used instead of the one that the options describe.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the defaults; null means that they apply.</param>
    /// <exception cref="OptionsValidationException">A value is out of range; the message names its key.</exception>
    /// <exception cref="DataDirectoryException">Thrown when the host starts, if the data directory cannot be used.</exception>
    public static ActorFlowBuilder AddActorFlow(this IServiceCollection services, Action<ActorFlowOptions>? configure = null)
    {
        var options = new ActorFlowOptions();
        configure?.Invoke(options);
        Validate(options);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISecretSource, EnvironmentSecrets>();
        services.TryAddSingleton<ITaskObserver, NoTaskObserver>();
        services.TryAddSingleton<IRunObserver, NoRunObserver>();
        services.AddSingleton(options);
        services.TryAddSingleton(provider => PersistenceStore.Open(
            options.Persistence, provider.GetServices<IPersistenceProvider>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PlanCache(
            provider.GetRequiredService<PersistenceStore>().Definitions, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new NodeMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(CreateWorker);
        services.AddSingleton<RunChanges>();
        services.AddSingleton(_ => new RegionRequests(TimeProvider.System));
        services.AddSingleton(provider => new WorkflowEngine(
            provider.GetRequiredService<IRequiredActor<WorkflowRegion>>(),
            provider.GetRequiredService<PlanCache>(),
            provider.GetRequiredService<PersistenceStore>(),
            provider.GetRequiredService<RegionRequests>()));
        services.AddSingleton(provider => provider.GetRequiredService<PersistenceStore>().Index);
        services.AddSingleton(provider => new DefinitionCatalog(
            provider.GetRequiredService<IRequiredActor<DefinitionRegion>>(),
            provider.GetRequiredService<PlanCache>(),
            provider.GetRequiredService<PersistenceStore>(),
            provider.GetRequiredService<RegionRequests>()));
        services.AddSingleton(provider => new LocalDefinitionClient(
            provider.GetRequiredService<DefinitionCatalog>(), provider.GetRequiredService<PersistenceStore>().Definitions));
        services.AddSingleton<IWorkflowClient>(provider => new LocalWorkflowClient(
            provider.GetRequiredService<WorkflowEngine>(),
            provider.GetRequiredService<LocalDefinitionClient>(),
            provider.GetRequiredService<PlanCache>(),
            provider.GetRequiredService<PersistenceStore>().Index,
            provider.GetRequiredService<RunChanges>()));
        services.AddSingleton<StoreHealthCheck>();
        services.AddHostedService<StoreHealthLog>();
        services.Configure<HealthCheckServiceOptions>(static checks => checks.Registrations.Add(new(
            StoreHealthCheck.Name, static provider => provider.GetRequiredService<StoreHealthCheck>(), HealthStatus.Unhealthy, ["ready"])));
        services.AddHostedService<StoreLoss>();
        services.AddAkka(options.Cluster.SystemName, (akka, provider) => akka.WithActorFlow(options, provider));
        return new(services);
    }

    private static void Validate(ActorFlowOptions options)
    {
        string[] failures =
        [
            .. new ClusterOptionsValidator().Validate(null, options.Cluster).Failures ?? [],
            .. new PersistenceOptionsValidator().Validate(null, options.Persistence).Failures ?? [],
            .. TaskOptionsValidation.Failures(options.Worker),
            .. TaskOptionsValidation.Failures(options.Queues, options.Worker),
            .. IndexOptionsValidation.Failures(options),
            .. HoconFailures(options.Hocon),
        ];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException("ActorFlow", typeof(ActorFlowOptions), failures);
        }
    }

    private static IEnumerable<string> HoconFailures(string hocon)
    {
        try
        {
            ConfigurationFactory.ParseString(hocon);
            return [];
        }
        catch (Exception error)
        {
            return [$"Hocon cannot be read: {error.Message}"];
        }
    }

    private static WorkerNode CreateWorker(IServiceProvider provider) => new(
        provider.GetRequiredService<ActorFlowOptions>().Worker,
        provider.GetServices<TaskRegistration>(),
        provider.GetRequiredService<IServiceScopeFactory>(),
        provider.GetRequiredService<ISecretSource>(),
        provider.GetRequiredService<ITaskObserver>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILoggerFactory>())
    {
        Metrics = provider.GetRequiredService<NodeMetrics>(),
    };
}
