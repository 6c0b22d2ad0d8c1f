using System.CommandLine;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Nodes;

/// <summary>What the verbs have in common that speak to a node: which one, with which key, and how they tell what it said.</summary>
internal sealed class NodeTalk
{
    /// <summary>The node that is spoken to unless another is named.</summary>
    public const string DefaultAddress = "http://127.0.0.1:9110";

    private const string AddressVariable = "ACTORFLOW_ADDRESS";
    private const string KeyVariable = "ACTORFLOW_API_KEY";

    private readonly ShellConsole _console;
    private readonly Option<string?> _address = new("--address") { Description = $"The node ({AddressVariable}, else {DefaultAddress}).", HelpName = "URL", Recursive = true };
    private readonly Option<string?> _key = new("--api-key") { Description = $"The key that the node asks for ({KeyVariable}).", HelpName = "KEY", Recursive = true };
    private readonly Option<string> _output;

    /// <summary>Adds the options to a noun, for all of its verbs.</summary>
    public NodeTalk(ShellConsole console, Command noun)
    {
        (_console, _output) = (console, OutputFormat.Option(console));
        _output.Recursive = true;
        noun.Options.Add(_address);
        noun.Options.Add(_key);
        noun.Options.Add(_output);
    }

    /// <summary>Makes a verb.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="work">Does it; returns one of <see cref="ExitCode"/>.</param>
    /// <param name="examples">Examples for its help.</param>
    public Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<NodeCall, CancellationToken, Task<int>> work, params string[] examples)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction((parsed, cancellationToken) => CallAsync(parsed, work, cancellationToken));
        Examples.AddTo(command, examples);
        return command;
    }

    private async Task<int> CallAsync(ParseResult parsed, Func<NodeCall, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var (address, asked) = AddressOf(parsed);
        var options = new WorkflowClientOptions { Addresses = [address], ApiKey = parsed.GetValue(_key) ?? Variable(KeyVariable) };
        if (options.Problems() is [var problem, ..])
        {
            // The words are those of the options in code.
            throw new CommandFailure(OneLine.Of(problem.Replace("Addresses[0] ", "the address ", StringComparison.Ordinal).Replace("ApiKey", "--api-key", StringComparison.Ordinal)).TrimEnd('.'));
        }

        try
        {
            await using var client = WorkflowClient.Connect(options);
            await ReachAsync(client, cancellationToken).ConfigureAwait(false);
            var isJsonAsked = parsed.GetResult(_output) is { Implicit: false } && OutputFormat.IsJson(parsed, _output);
            return await work(new(parsed, client, _console, OutputFormat.IsJson(parsed, _output), isJsonAsked, asked), cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowRefusedException refused)
        {
            throw FailureOf(refused, address);
        }
    }

    /// <summary>Connects: a call would try that again for half a minute.</summary>
    private static async Task ReachAsync(WorkflowClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (UnavailableException away)
        {
            throw new CommandFailure(
                $"{OneLine.Of(away.Message).TrimEnd('.')}; start a node with 'actorflow dev', or name another with --address", ExitCode.Unreachable, away);
        }
    }

    private (string Address, string? Asked) AddressOf(ParseResult parsed)
    {
        var asked = parsed.GetValue(_address);
        var text = asked ?? Variable(AddressVariable) ?? DefaultAddress;
        return (text.Contains("://", StringComparison.Ordinal) || text.Length == 0 ? text : $"http://{text}", asked);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static CommandFailure FailureOf(WorkflowRefusedException refused, string address)
    {
        var message = OneLine.Of(refused.Message).TrimEnd('.');
        var text = refused switch
        {
            NotFoundException { Code: "workflow-not-found" } => $"{message} at {address}",
            UnavailableException or OverloadedException or RequestTimeoutException => $"{message} ({address}); try again",
            AccessDeniedException => $"{message}; give the key with --api-key or {KeyVariable}",
            _ => message,
        };
        return new(text, RefusalCode.Of(refused.Code).ExitCode, refused);
    }
}

/// <summary>One call of a verb to a node.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Client">Speaks to the node.</param>
/// <param name="Console">The console.</param>
/// <param name="AsJson">Whether programs will read the output.</param>
/// <param name="IsJsonAsked">Whether the command line itself asks for JSON.</param>
/// <param name="AskedAddress">The address on the command line; null means that it names none.</param>
internal sealed record NodeCall(ParseResult Parsed, IWorkflowClient Client, ShellConsole Console, bool AsJson, bool IsJsonAsked, string? AskedAddress)
{
    /// <summary>A command line that speaks to the same node.</summary>
    public string Line(params IEnumerable<string?> words) =>
        ShellWords.Join(["actorflow", .. words, AskedAddress is null ? null : "--address", AskedAddress]);

    /// <summary>Tells that something was done: to people on standard error, to programs on standard output.</summary>
    /// <param name="id">The run.</param>
    /// <param name="done">What was done: <c>paused</c>.</param>
    /// <param name="text">The same for people.</param>
    /// <param name="more">A further word and its value for programs.</param>
    public Task SayAsync(string id, string done, string text, (string Word, string Value)? more = null) => AsJson
        ? Console.Out.WriteLineAsync(Payload.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("run", id);
            writer.WriteString("done", done);
            if (more is { } also)
            {
                writer.WriteString(also.Word, also.Value);
            }

            writer.WriteEndObject();
        }).ToString())
        : Console.Error.WriteLineAsync(text);
}
