using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorFlow.Configuration;
using ActorFlow.Node.Api;
using ActorFlow.Node.Grpc;
using ActorFlow.Node.Json;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace ActorFlow.Node.Hosting;

/// <summary>Builds the web application of a node: the node itself, and with the role <c>api</c> its API.</summary>
internal static class NodeHost
{
    private const string Live = "live";
    private const string Ready = "ready";

    /// <summary>How long the node may take to stop once it does not serve any more.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);

    /// <summary>Builds it.</summary>
    /// <param name="configuration">Its whole configuration.</param>
    /// <param name="configure">Adds to its services: handlers of an application, say; null means nothing.</param>
    /// <param name="logging">Sets up its log; null means JSON lines on the standard output.</param>
    /// <exception cref="OptionsValidationException">A key is not known, or a value is wrong; each line names the full key.</exception>
    public static WebApplication Build(IConfiguration configuration, Action<IServiceCollection>? configure = null, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddConfiguration(configuration);
        (logging ?? WriteJson)(builder.Logging);
        // A check that fails is told to whoever asks; a node that starts is not ready for a moment.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Why a start failed is thrown, and told once.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        var problems = new List<string>();
        var api = ReadOptions(builder.Services, configuration, ApiOptions.Section, new ApiOptions(), path => new ApiOptionsValidator(path), problems);
        var auth = ReadOptions(builder.Services, configuration, AuthOptions.Section, new AuthOptions(), path => new AuthOptionsValidator(path), problems);
        AddNode(builder.Services, configuration, problems);
        configure?.Invoke(builder.Services);
        AddApi(builder.Services, api, auth);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, api));
        builder.Services.AddRouting();
        var app = builder.Build();
        Map(app);
        app.Lifetime.ApplicationStarted.Register(() => NoteAddresses(app));
        return app;
    }

    /// <summary>Sees whether the addresses can be listened at, so that a node is not started for nothing.</summary>
    /// <exception cref="IOException">One cannot; the message names it and says why.</exception>
    public static void CheckAddresses(WebApplication app)
    {
        var options = app.Services.GetRequiredService<ApiOptions>();
        foreach (var text in options.Certificate.Length > 0 ? [options.Address] : (string[])[options.Address, options.GrpcAddress])
        {
            ListenAddress.TryParse(text, out var address);
            try
            {
                using var listener = new TcpListener(address.Address ?? IPAddress.Any, address.Port);
                listener.Start();
            }
            catch (SocketException refused)
            {
                throw new IOException($"the API cannot listen at {text}: {refused.Message}", refused);
            }
        }
    }

    /// <summary>Logs as JSON lines, with the run, the task, the attempt and the trace.</summary>
    private static void WriteJson(ILoggingBuilder logging)
    {
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.AddJsonConsole(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
    }

    /// <summary>Reads the options of a section; what is wrong with them joins the problems.</summary>
    private static TOptions ReadOptions<TOptions>(
        IServiceCollection services,
        IConfiguration configuration,
        string section,
        TOptions options,
        Func<string, IValidateOptions<TOptions>> validator,
        List<string> problems)
        where TOptions : class
    {
        var read = OptionsReader.Read(configuration.GetSection(section), options);
        problems.AddRange(read.Problems);
        problems.AddRange(read.UnknownSections.Select(unknown => unknown.Problem));
        problems.AddRange(validator(read.Path).Validate(null, options).Failures ?? []);
        services.AddSingleton(new OptionsSection(read.Path));
        services.AddSingleton(options);
        return options;
    }

    /// <summary>Adds the node; what is wrong with any section is told at once.</summary>
    private static void AddNode(IServiceCollection services, IConfiguration configuration, List<string> problems)
    {
        try
        {
            services.AddBuiltInTasks(configuration);
        }
        catch (OptionsValidationException wrong)
        {
            problems.AddRange(wrong.Failures);
        }

        try
        {
            services.AddActorFlow(configuration, options =>
            {
                if (configuration.GetSection($"{ActorFlowOptions.Section}:Cluster:Roles") is { } roles && roles.Value is null && !roles.GetChildren().Any())
                {
                    options.Cluster.Roles = [ClusterOptions.WorkflowRole, ClusterOptions.WorkerRole, ClusterOptions.ApiRole];
                }
            }).UseSqlite().UsePostgres();
        }
        catch (OptionsValidationException wrong)
        {
            problems.AddRange(wrong.Failures);
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(ActorFlowOptions.Section, typeof(ActorFlowOptions), problems);
        }
    }

    private static void AddApi(IServiceCollection services, ApiOptions options, AuthOptions auth)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NodeAddresses>();
        services.AddAccess(auth);
        services.AddSingleton<ApiGate>();
        services.AddSingleton<NodeDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeDrain>());
        services.Configure<HealthCheckServiceOptions>(checks => checks.Registrations.Add(
            new(NodeDrain.CheckName, static provider => provider.GetRequiredService<NodeDrain>(), HealthStatus.Unhealthy, [Ready])));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainDelay + LongestStop);
        services.AddSingleton<WorkflowApi>();
        services.AddSingleton<DefinitionApi>();
        services.AddSingleton<WorkflowRoutes>();
        services.AddSingleton<DefinitionRoutes>();
        services.AddSingleton<KeyApi>();
        services.AddSingleton<KeyRoutes>();
        services.AddSingleton<AuditApi>();
        services.AddSingleton<AuditRoutes>();
        services.AddSingleton<Problems>();
        services.AddSingleton<MethodRoutes>();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<RefusalInterceptor>();
            grpc.MaxReceiveMessageSize = RequestBody.Largest + (64 << 10);
            grpc.EnableDetailedErrors = false;
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ActorFlowTelemetry.MeterName).AddPrometheusExporter());
    }

    private static void Listen(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.Largest;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
        if (options.Certificate.Length > 0)
        {
            var certificate = CertificateOf(options);
            ListenAt(kestrel, options.Address, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https => Secure(https, certificate, options));
            });
            return;
        }

        ListenAt(kestrel, options.Address, static listen => listen.Protocols = HttpProtocols.Http1);
        ListenAt(kestrel, options.GrpcAddress, static listen => listen.Protocols = HttpProtocols.Http2);
    }

    private static void ListenAt(KestrelServerOptions kestrel, string text, Action<ListenOptions> configure)
    {
        ListenAddress.TryParse(text, out var address);
        if (address.Address is { } ip)
        {
            kestrel.Listen(new IPEndPoint(ip, address.Port), configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static X509Certificate2 CertificateOf(ApiOptions options) => Path.GetExtension(options.Certificate).ToUpperInvariant() is ".PFX" or ".P12"
        ? X509CertificateLoader.LoadPkcs12FromFile(options.Certificate, password: null)
        : X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey.Length > 0 ? options.CertificateKey : null);

    private static void Secure(HttpsConnectionAdapterOptions https, X509Certificate2 certificate, ApiOptions options)
    {
        https.ServerCertificate = certificate;
        if (options.ClientCertificates.Length == 0)
        {
            return;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.ClientCertificates);
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (client, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(client);
        };
    }

    private static void Map(WebApplication app)
    {
        app.UseRouting();
        var door = app.Services.GetRequiredService<Door>();
        app.Use(async (context, next) =>
        {
            context.Features.Set(await door.LookAsync(context).ConfigureAwait(false));
            await next(context).ConfigureAwait(false);
        });
        app.Use(static next => context => MalformedMessages.AnswerAsync(context, next));
        app.MapGrpcHealthChecksService();
        MapHealth(app, "/health/live", Live);
        MapHealth(app, "/health/ready", Ready);
        app.MapPrometheusScrapingEndpoint("/metrics");
        if (app.Services.GetRequiredService<ActorFlowOptions>().Cluster.Roles.Contains(ClusterOptions.ApiRole))
        {
            app.MapGrpcService<WorkflowsService>();
            app.MapGrpcService<DefinitionsService>();
            app.MapGrpcService<KeysService>();
            app.MapGrpcService<AuditService>();
            app.MapGrpcReflectionService();
            JsonRoutes.Map(app);
        }
    }

    private static void MapHealth(WebApplication app, string path, string tag) => app.MapHealthChecks(path, new HealthCheckOptions
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = HealthEndpoint.WriteAsync,
    });

    private static void NoteAddresses(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var known = app.Services.GetRequiredService<NodeAddresses>();
        (known.Http, known.Grpc) = (addresses[0], addresses.Length > 1 ? addresses[1] : null);
    }
}
