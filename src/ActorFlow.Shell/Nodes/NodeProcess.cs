using System.Net.Sockets;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Hosting;
using ActorFlow.Shell.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorFlow.Shell.Nodes;

/// <summary>A node that is this process: it says where it is served, and runs until the process is told to end.</summary>
/// <param name="console">Where it says so.</param>
internal sealed class NodeProcess(ShellConsole console)
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="isForTrying">Whether it is for a person at a terminal: what to try is printed, and the log is text on the standard error.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailure">It cannot start.</exception>
    public async Task RunAsync(IConfiguration configuration, bool isForTrying, CancellationToken cancellationToken)
    {
        Descriptors.Require(Descriptors.NeededToRun);
        using var interrupts = new Interrupts(static () => Environment.Exit(ExitCode.Interrupted), cancellationToken);
        interrupts.Listen();
        var app = Build(configuration, isForTrying);
        await using (app.ConfigureAwait(false))
        {
            await StartAsync(app, interrupts.Token).ConfigureAwait(false);
            await SayAsync(app.Services.GetRequiredService<NodeAddresses>(), isForTrying).ConfigureAwait(false);
            await UntilToldAsync(app, interrupts.Token).ConfigureAwait(false);
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static WebApplication Build(IConfiguration configuration, bool isForTrying)
    {
        try
        {
            return NodeHost.Build(configuration, UseOwnSignals, isForTrying ? WriteText : null);
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandFailure(string.Join("\nactorflow: ", wrong.Failures), ExitCode.Invalid, wrong);
        }
    }

    // The command listens to signals itself.
    private static void UseOwnSignals(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());

    private static void WriteText(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Akka", LogLevel.Error);
        logging.AddSimpleConsole(options => options.SingleLine = true);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            NodeHost.CheckAddresses(app);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandFailure(string.Join("\nactorflow: ", wrong.Failures), ExitCode.Invalid, wrong);
        }
        catch (IOException busy) when (busy.InnerException is SocketException or AddressInUseException)
        {
            throw new CommandFailure($"{OneLine.Of(busy.Message).TrimEnd('.')}; stop what listens there, or choose another port", ExitCode.Unreachable, busy);
        }
    }

    private static async Task UntilToldAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byUser = cancellationToken.Register(() => told.TrySetResult());
        // The node ends the application when its store is lost.
        using var byNode = app.Lifetime.ApplicationStopping.Register(() => told.TrySetResult());
        await told.Task.ConfigureAwait(false);
    }

    private async Task SayAsync(NodeAddresses addresses, bool isForTrying)
    {
        if (!isForTrying)
        {
            return;
        }

        var where = addresses.Http == NodeTalk.DefaultAddress ? string.Empty : $" --address {addresses.Http}";
        await console.Out.WriteLineAsync(
            $$"""
            ActorFlow is served at {{addresses.Http}} (gRPC at {{addresses.Grpc}}, the API is described at {{addresses.Http}}/docs). Ctrl+C stops it.

            Try, in another terminal:
              actorflow definition register hello.yaml{{where}}
              actorflow workflow start hello --input '{"names": ["Ada"]}' --wait{{where}}
              actorflow workflow list{{where}}
              curl {{addresses.Http}}/api/v1/workflows
            """).ConfigureAwait(false);
        await console.Out.FlushAsync().ConfigureAwait(false);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
