using ActorFlow.Configuration;
using ActorFlow.Tasks.Http;
using ActorFlow.Tasks.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ActorFlow.Tasks;

/// <summary>Registers the handlers that come with ActorFlow.</summary>
public static class BuiltInTasks
{
    /// <summary>The largest output stream of a process, or body of a response: 1 MiB.</summary>
    public const int OutputLimit = 1 << 20;

    /// <summary>How many bytes are kept of the beginning, and of the end, of a command's standard error: 64 KiB each.</summary>
    internal const int StderrEnds = 64 << 10;

    /// <summary>The section of their options in a whole configuration: <c>ActorFlow:Tasks</c>.</summary>
    public const string Section = "ActorFlow:Tasks";

    /// <summary>Registers the built-in handlers that a configuration allows; without any settings these are all but <c>process</c>.</summary>
    /// <param name="services">The worker's services.</param>
    /// <param name="configuration">The section of the options, or a whole configuration, of which the section <c>ActorFlow:Tasks</c> is read.</param>
    /// <param name="configure">Changes what was read; null means that nothing is changed.</param>
    /// <exception cref="OptionsValidationException">A key is not known, or a value cannot be read; each line of the message names the full key.</exception>
    public static IServiceCollection AddBuiltInTasks(
        this IServiceCollection services, IConfiguration configuration, Action<BuiltInTaskOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new BuiltInTaskOptions();
        var read = OptionsReader.Read(configuration as IConfigurationSection ?? configuration.GetSection(Section), options);
        string[] problems = [.. read.Problems, .. read.UnknownSections.Select(section => section.Problem)];
        if (problems.Length > 0)
        {
            throw new OptionsValidationException(read.Path, typeof(BuiltInTaskOptions), problems);
        }

        configure?.Invoke(options);
        services.AddSingleton(new OptionsSection(read.Path));
        return services.AddBuiltInTasks(options);
    }

    /// <summary>Registers all built-in handlers but <c>process</c>.</summary>
    /// <param name="services">The worker's services.</param>
    public static IServiceCollection AddBuiltInTasks(this IServiceCollection services) => services.AddBuiltInTasks(new BuiltInTaskOptions());

    /// <summary>Registers the built-in handlers that <paramref name="options"/> allow.</summary>
    /// <param name="services">The worker's services.</param>
    /// <param name="options">The handlers to register.</param>
    public static IServiceCollection AddBuiltInTasks(this IServiceCollection services, BuiltInTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
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
