using ActorFlow.Tasks.Http;
using ActorFlow.Tasks.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorFlow.Tasks;

/// <summary>Registers the handlers that come with ActorFlow.</summary>
public static class BuiltInTasks
{
    /// <summary>The largest output stream of a process, or body of a response: 1 MiB.</summary>
    public const int OutputLimit = 1 << 20;

    /// <summary>How many bytes are kept of the beginning, and of the end, of a command's standard error: 64 KiB each.</summary>
    internal const int StderrEnds = 64 << 10;

    /// <summary>Registers the built-in handlers that <paramref name="options"/> allow.</summary>
    /// <param name="services">The worker's services.</param>
    /// <param name="options">The handlers to register; null means the defaults, which are all but <c>process</c>.</param>
    public static IServiceCollection AddBuiltInTasks(this IServiceCollection services, BuiltInTaskOptions? options = null)
    {
        options ??= new BuiltInTaskOptions();
        services.TryAddSingleton(TimeProvider.System);

        if (options.Echo)
        {
            services.AddTask("echo", new EchoHandler());
        }

        if (options.Sleep)
        {
            services.AddTask<SleepHandler>("sleep");
        }

        if (options.Process.Enabled)
        {
            services.AddTask("process", new ProcessHandler(options.Process));
            services.AddHostedService(provider => new LeftCommands(
                options.Process, provider.GetService<ILoggerFactory>()?.CreateLogger<LeftCommands>() ?? NullLogger<LeftCommands>.Instance));
        }

        if (options.Http)
        {
            // The request has its own timeouts. Its address may hold secrets, so the client logs nothing.
            services.AddHttpClient(HttpHandler.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(HttpConnections.Create)
                .RemoveAllLoggers();
            services.AddTask<HttpHandler>("http");
        }

        return services;
    }
}
