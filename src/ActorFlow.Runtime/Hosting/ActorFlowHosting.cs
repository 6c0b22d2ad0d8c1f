using System.Diagnostics.Metrics;
using ActorFlow.Configuration;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorFlow;

/// <summary>Hosts ActorFlow in any .NET application.</summary>
public static class ActorFlowHosting
{
    private const string Live = "live";
    private const string Ready = "ready";

    /// <summary>
    /// Adds a node to the application: it starts and stops with the host. Add its database with <c>UseSqlite()</c> or
    /// <c>UsePostgres()</c>, each from its own package, and handlers with <see cref="ActorFlowBuilder.AddTask{THandler}"/>; start runs
    /// through <see cref="IWorkflowClient"/>. A <see cref="PersistenceStore"/> that was added before is used instead of the one that the
    /// options describe. A node without the role <c>workflow</c> opens no store.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the defaults; null means that they apply.</param>
    /// <exception cref="OptionsValidationException">A value is out of range; the message names its key. Also thrown when the host starts.</exception>
    /// <exception cref="InvalidOperationException">There is a node already.</exception>
    /// <exception cref="DataDirectoryException">Thrown when the host starts, if the data directory cannot be used.</exception>
    public static ActorFlowBuilder AddActorFlow(this IServiceCollection services, Action<ActorFlowOptions>? configure = null) =>
        AddNode(services, new(), new(ActorFlowOptions.Section, [], []), configure);

    /// <summary>Adds a node with options from a configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section of the options, or a whole configuration, of which the section <c>ActorFlow</c> is read.</param>
    /// <param name="configure">Changes what was read; null means that nothing is changed.</param>
    /// <exception cref="OptionsValidationException">
    /// A key is not known, or a value cannot be read or is out of range; each line of the message names the full key. Also thrown when the
    /// host starts: only then it is known whether somebody else reads a section that is not the node's.
    /// </exception>
    /// <inheritdoc cref="AddActorFlow(IServiceCollection, Action{ActorFlowOptions})"/>
    public static ActorFlowBuilder AddActorFlow(
        this IServiceCollection services, IConfiguration configuration, Action<ActorFlowOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new ActorFlowOptions();
        var section = configuration as IConfigurationSection ?? configuration.GetSection(ActorFlowOptions.Section);
        return AddNode(services, options, OptionsReader.Read(section, options), configure);
    }

    private static ActorFlowBuilder AddNode(
        IServiceCollection services, ActorFlowOptions options, OptionsReading read, Action<ActorFlowOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(ActorFlowOptions)))
        {
            throw new InvalidOperationException("AddActorFlow was called before: an application hosts one node.");
        }

        configure?.Invoke(options);
        AddOptions(services, options, read);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => SecretSources.Of(provider.GetRequiredService<ActorFlowOptions>().Worker));
        services.TryAddSingleton<ITaskObserver, NoTaskObserver>();
        services.TryAddSingleton<IRunObserver, NoRunObserver>();
        services.TryAddSingleton(provider => OpenStore(provider, read.Path));
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
        services.AddSingleton(provider => new RunPurging(
            provider.GetRequiredService<WorkflowEngine>(),
            provider.GetRequiredService<IRequiredActor<WorkflowRegion>>(),
            provider.GetRequiredService<PersistenceStore>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RunDescriptions(
            provider.GetRequiredService<WorkflowEngine>(),
            provider.GetRequiredService<PlanCache>(),
            provider.GetRequiredService<IRequiredActor<TaskQueueRegion>>(),
            provider.GetRequiredService<RegionRequests>(),
            provider.GetRequiredService<PersistenceStore>()));
        services.AddSingleton<IWorkflowClient>(provider => new LocalWorkflowClient(
            provider.GetRequiredService<WorkflowEngine>(),
            provider.GetRequiredService<RunDescriptions>(),
            provider.GetRequiredService<LocalDefinitionClient>(),
            provider.GetRequiredService<PlanCache>(),
            provider.GetRequiredService<PersistenceStore>().Index,
            provider.GetRequiredService<RunChanges>(),
            provider.GetRequiredService<RunPurging>(),
            provider.GetRequiredService<IReadOnlyActorRegistry>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StoreHealthLog>();
        AddHealthCheck<LivenessHealthCheck>(services, LivenessHealthCheck.Name, Live);
        AddHealthCheck<ClusterHealthCheck>(services, ClusterHealthCheck.Name, Ready);
        AddHealthCheck<RegionHealthCheck>(services, RegionHealthCheck.Name, Ready);
        AddHealthCheck<StoreHealthCheck>(services, StoreHealthCheck.Name, Ready);
        services.AddHostedService<StoreLoss>();
        services.AddAkka(
            options.Cluster.SystemName, (akka, provider) => akka.WithActorFlow(provider.GetRequiredService<ActorFlowOptions>(), provider));
        return new(services);
    }

    /// <summary>Checks the options now, and again when the host starts, before anything else does.</summary>
    private static void AddOptions(IServiceCollection services, ActorFlowOptions options, OptionsReading read)
    {
        var validator = new ActorFlowOptionsValidator(read.Path);
        string[] failures = [.. read.Problems, .. validator.Validate(null, options).Failures ?? []];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(read.Path, typeof(ActorFlowOptions), failures);
        }

        services.AddOptions<ActorFlowOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ActorFlowOptions>>(validator);
        services.AddSingleton<IValidateOptions<ActorFlowOptions>>(
            provider => new UnreadSections(read.UnknownSections, provider.GetServices<OptionsSection>()));
        services.AddSingleton<IOptionsFactory<ActorFlowOptions>>(provider => new NodeOptionsFactory(
            options,
            provider.GetServices<IConfigureOptions<ActorFlowOptions>>(),
            provider.GetServices<IPostConfigureOptions<ActorFlowOptions>>(),
            provider.GetServices<IValidateOptions<ActorFlowOptions>>()));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ActorFlowOptions>>().Value);
    }

    private static PersistenceStore OpenStore(IServiceProvider provider, string path)
    {
        var options = provider.GetRequiredService<ActorFlowOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        return options.Cluster.HoldsRuns
            ? PersistenceStore.Open(options.Persistence, provider.GetServices<IPersistenceProvider>(), time, $"{path}:{PersistenceOptions.Section}")
            : new AbsentStore(options.Persistence, time);
    }

    private static void AddHealthCheck<TCheck>(IServiceCollection services, string name, string tag)
        where TCheck : class, IHealthCheck
    {
        services.AddSingleton<TCheck>();
        services.Configure<HealthCheckServiceOptions>(checks => checks.Registrations.Add(new(
            name, static provider => provider.GetRequiredService<TCheck>(), HealthStatus.Unhealthy, [tag])));
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
