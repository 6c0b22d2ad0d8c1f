using System.CommandLine;
using System.CommandLine.Parsing;
using ActorFlow.Core.Payloads;
using ActorFlow.Tasks;
using Microsoft.Extensions.Configuration;

namespace ActorFlow.Shell.Nodes;

/// <summary><c>actorflow dev</c> and <c>actorflow node</c>: they run a node that serves its API, until they are told to stop.</summary>
internal static class NodeCommands
{
    private const int DefaultPort = 9110;

    // The port of gRPC is the next one.
    private const int HighestPort = 65_534;

    private const string Prefix = "ActorFlow:";

    /// <summary>Both verbs.</summary>
    public static IEnumerable<Command> Create(ShellConsole console)
    {
        yield return Dev(console);
        yield return Node(console);
    }

    private static Command Dev(ShellConsole console)
    {
        var port = new Option<int?>("--port") { Description = $"The port of the API on 127.0.0.1; gRPC has the next one; 0 takes any free ones ({DefaultPort}).", HelpName = "N" };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is >= 0 and <= HighestPort))
            {
                result.AddError($"--port takes a number from 0 to {HighestPort}, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        var data = RunWords.Data();
        var command = new Command("dev", "Run one node for trying things out: database in a directory, every built-in handler, API on this machine only.") { port, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetValue(data) ?? RunWords.DefaultDataDirectory;
            var number = parsed.GetValue(port) ?? DefaultPort;
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [Prefix + "Api:Address"] = $"127.0.0.1:{number}",
                [Prefix + "Api:GrpcAddress"] = $"127.0.0.1:{(number == 0 ? 0 : number + 1)}",
                [Prefix + "Api:DrainDelay"] = "0s",
                [Prefix + "Persistence:DataDirectory"] = directory,
                [BuiltInTasks.Section + ":Process:Enabled"] = "true",
                [BuiltInTasks.Section + ":Process:Home"] = Path.GetFullPath(directory),
            }).Build();
            await new NodeProcess(console).RunAsync(configuration, isForTrying: true, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow dev", "actorflow dev --port 9200 --data /tmp/try");
        return command;
    }

    private static Command Node(ShellConsole console)
    {
        var file = new Option<string?>("--config") { Description = "A file of settings, as appsettings.json.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "A setting, as Api:Address=127.0.0.1:9200; may be repeated.", HelpName = "KEY=VALUE" };
        set.Validators.Add(CheckSettings);
        var command = new Command("node", "Run a node as configured by appsettings.json, FILE, variables ACTORFLOW__..., and --set, the last of which counts most.") { file, set };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = ConfigurationOf(parsed.GetValue(file), parsed.GetValue(set) ?? []);
            await new NodeProcess(console).RunAsync(configuration, isForTrying: false, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow node --config node.json", "actorflow node --set Persistence:DataDirectory=/var/lib/actorflow --set Retention=7d");
        return command;
    }

    private static void CheckSettings(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"--set takes KEY=VALUE, not '{TerminalText.Fit(token.Value, 60)}'.");
        }
    }

    private static IConfigurationRoot ConfigurationOf(string? file, string[] settings)
    {
        if (file is not null && !File.Exists(file))
        {
            throw new CommandFailure($"there is no file {file}", ExitCode.Invalid);
        }

        var builder = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true);
        if (file is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(file));
        }

        builder.AddEnvironmentVariables();
        builder.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(
            pair => KeyValuePair.Create<string, string?>(pair[0].StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? pair[0] : Prefix + pair[0], pair[1])));
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException wrong)
        {
            throw new CommandFailure(OneLine.Of($"{wrong.Message} {wrong.InnerException?.Message}").TrimEnd('.', ' '), ExitCode.Invalid, wrong);
        }
    }
}
