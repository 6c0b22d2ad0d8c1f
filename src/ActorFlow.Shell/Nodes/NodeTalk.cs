using System.CommandLine;
using System.CommandLine.Completions;
using ActorFlow.Core.Payloads;
using ActorFlow.Node.Admin;
using ActorFlow.Shell.Records;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Nodes;

/// <summary>What the verbs of a noun have in common that speak to a node: which one, with which key, and how they tell what it said.</summary>
internal sealed class NodeTalk
{
    /// <summary>The node that is spoken to unless another is named.</summary>
    public const string DefaultAddress = "http://127.0.0.1:9110";
    private const string AddressVariable = "ACTORFLOW_ADDRESS";
    private const string KeyVariable = "ACTORFLOW_API_KEY";

    // Whoever presses Tab does not wait longer.
    private static readonly TimeSpan CompletionTime = TimeSpan.FromSeconds(1);

    private readonly ShellConsole _console;
    private readonly Option<string?> _address = new("--address") { Description = $"The node ({AddressVariable}, else {DefaultAddress}).", HelpName = "URL", Recursive = true };
    private readonly Option<string?> _key = new("--api-key") { Description = $"The key that the node asks for ({KeyVariable}).", HelpName = "KEY", Recursive = true };
    private readonly Option<string> _output;
    private readonly StorePlace? _store;

    /// <summary>Adds the options to a noun, for all of its verbs.</summary>
    /// <param name="console">The console.</param>
    /// <param name="noun">The noun.</param>
    /// <param name="store">The options that name a store instead; null means that there are none.</param>
    public NodeTalk(ShellConsole console, Command noun, StorePlace? store = null)
    {
        (_console, _output, _store) = (console, OutputFormat.Option(console), store);
        _output.Recursive = true;
        noun.Options.Add(_address);
        noun.Options.Add(_key);
        noun.Options.Add(_output);
    }

    /// <summary>Gives a command to the node.</summary>
    /// <param name="command">The command.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">The words of its arguments.</param>
    /// <param name="isConfirmed">Whether the command line confirms what is dangerous.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <exception cref="CommandFailure">The node cannot be reached, or refuses.</exception>
    public async Task<int> CallAsync(
        AdminCommand command, ParseResult parsed, IReadOnlyDictionary<string, IReadOnlyList<string>> words, bool isConfirmed, CancellationToken cancellationToken)
    {
        var (address, asked) = AddressOf(parsed);
        await using var client = Connect(parsed, address, timeout: null);
        if (_store is { } place && place.IsNamed(parsed))
        {
            await using var store = place.Open(parsed, command.MakesStore);
            var inside = new NodeCall(client, new StoreAccess(store, $"os:{Environment.UserName}"), _console, place.WordsOf(parsed));
            return await CallAsync(command, parsed, new(inside, words), "the store", isConfirmed, static () => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        }

        var host = new NodeCall(client, new NodeAccess(client), _console, asked is null ? [] : [_address.Name, asked]);
        return await CallAsync(command, parsed, new(host, words), address, isConfirmed, ReachAsync, cancellationToken).ConfigureAwait(false);

        async Task ReachAsync()
        {
            await NodeTalk.ReachAsync(client, cancellationToken).ConfigureAwait(false);
            if (asked is null && _console.ErrorIsTerminal)
            {
                await _console.Error.WriteLineAsync($"at {address}").ConfigureAwait(false);
            }
        }
    }

    private async Task<int> CallAsync(
        AdminCommand command, ParseResult parsed, AdminCall call, string place, bool isConfirmed, Func<Task> reach, CancellationToken cancellationToken)
    {
        try
        {
            await reach().ConfigureAwait(false);
            if (command.Danger is not null && !isConfirmed)
            {
                await ConfirmAsync(command, call, cancellationToken).ConfigureAwait(false);
            }

            var writer = new AnswerWriter(_console, OutputFormat.IsJson(parsed, _output)) { IsResultWhole = OutputFormat.IsJsonAsked(parsed) };
            return await DoAsync(command, call, writer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is AdminRefusedException or WorkflowRefusedException)
        {
            throw await FailureOfAsync(refused, command, call, place).ConfigureAwait(false);
        }
    }

    /// <summary>What completes an argument; nothing where the node does not tell soon.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="run">The run that the command line names; null means none.</param>
    /// <param name="context">The command line.</param>
    public IEnumerable<CompletionItem> Complete(AdminArgument argument, string? run, CompletionContext context)
    {
        try
        {
            using var limit = new CancellationTokenSource(CompletionTime);
            using var client = Connect(context.ParseResult, AddressOf(context.ParseResult).Address, CompletionTime);
            // The parser asks for completions and waits for them.
            return Task.Run(() => AdminCompletion.OfAsync(argument, client, run, limit.Token)).GetAwaiter().GetResult().Select(word => new CompletionItem(word)).ToList();
        }
        catch (Exception silent) when (silent is WorkflowRefusedException or OperationCanceledException or CommandFailure)
        {
            return [];
        }
    }

    /// <summary>Does a command and writes what it answers. While it waits for a run it may be interrupted, and the run goes on.</summary>
    private async Task<int> DoAsync(AdminCommand command, AdminCall call, AnswerWriter writer, CancellationToken cancellationToken)
    {
        using var interrupts = new Interrupts(static () => Environment.Exit(ExitCode.Interrupted), cancellationToken);
        var (exitCode, awaited) = (ExitCode.Done, (string?)null);
        try
        {
            await foreach (var answer in command.Work(call, interrupts.Token).ConfigureAwait(false))
            {
                await writer.WriteAsync(answer).ConfigureAwait(false);
                switch (answer)
                {
                    case AdminAnswer.Waiting waiting:
                        awaited = waiting.Id;
                        interrupts.Listen();
                        break;
                    case AdminAnswer.Unsuccessful unsuccessful:
                        exitCode = unsuccessful.ExitCode;
                        break;
                }
            }

            return exitCode;
        }
        catch (OperationCanceledException) when (awaited is not null && interrupts.Token.IsCancellationRequested)
        {
            await _console.Error.WriteLineAsync($"interrupted; the run goes on, wait for it with: {call.Host.Line("workflow", "result", awaited, "--wait")}").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        finally
        {
            // What was answered before a failure happened nevertheless.
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private WorkflowClient Connect(ParseResult parsed, string address, TimeSpan? timeout)
    {
        var options = new WorkflowClientOptions { Addresses = [address], ApiKey = parsed.GetValue(_key) ?? Variable(KeyVariable) };
        options.Timeout = timeout ?? options.Timeout;
        if (options.Problems() is [var problem, ..])
        {
            // The words are those of the options in code.
            throw new CommandFailure(OneLine.Of(problem.Replace("Addresses[0] ", "the address ", StringComparison.Ordinal).Replace("ApiKey", "--api-key", StringComparison.Ordinal)).TrimEnd('.'));
        }

        return WorkflowClient.Connect(options);
    }

    /// <summary>Connects: a call would try that again for half a minute.</summary>
    private static async Task ReachAsync(WorkflowClient client, CancellationToken cancellationToken)
    {
        const string Start = "actorflow dev";
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (UnavailableException away)
        {
            var text = $"{OneLine.Of(away.Message).TrimEnd('.')}; start a node with '{Start}', or name another with --address";
            throw new CommandFailure(text, ExitCode.Unreachable, away) { Next = [Start] };
        }
    }

    /// <summary>Asks the person at the terminal.</summary>
    /// <exception cref="CommandFailure">Nobody is there, or the answer is not yes.</exception>
    private async Task ConfirmAsync(AdminCommand command, AdminCall call, CancellationToken cancellationToken)
    {
        var what = await command.Danger!(call, cancellationToken).ConfigureAwait(false);
        if (!_console.CanAsk)
        {
            var line = call.Host.Line([command.Noun, command.Verb, .. command.Arguments.SelectMany(argument => CommandVerbs.WordsOf(argument, call)), CommandVerbs.Yes]);
            throw new CommandFailure($"this would {what}; do it with: {line}", ExitCode.Unconfirmed) { Next = [line] };
        }

        await _console.Error.WriteAsync($"This would {what}. Go on? [y/N] ").ConfigureAwait(false);
        if (await _console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } answer || answer.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new CommandFailure("nothing is done", ExitCode.Unconfirmed);
        }
    }

    private async Task<CommandFailure> FailureOfAsync(Exception error, AdminCommand command, AdminCall call, string address)
    {
        if (error is AdminRefusedException advised)
        {
            return new($"{advised.Message}: {advised.Next}", RefusalCode.Of(advised.Code).ExitCode, advised) { Code = advised.Code, Next = [advised.Next] };
        }

        var refused = (WorkflowRefusedException)error;
        if (refused is DefinitionException invalid)
        {
            foreach (var problem in invalid.Errors)
            {
                await _console.Error.WriteLineAsync(problem.ToString()).ConfigureAwait(false);
            }

            return DefinitionFile.Invalid(invalid.Errors[0].File ?? command.Noun, invalid.Errors.Length, invalid);
        }

        var message = OneLine.Of(refused.Message).TrimEnd('.');
        var next = AdminAdvice.Of(refused.Code, command, call);
        var text = refused switch
        {
            NotFoundException { Code: "workflow-not-found" } => $"{message} at {address}",
            UnavailableException or OverloadedException or RequestTimeoutException => $"{message} ({address}); try again",
            AccessDeniedException => $"{message}; give the key with --api-key or {KeyVariable}",
            _ => message,
        };
        return new(next is null ? text : $"{text}; see: {next}", RefusalCode.Of(refused.Code).ExitCode, refused) { Code = refused.Code, Next = next is null ? [] : [next] };
    }

    private (string Address, string? Asked) AddressOf(ParseResult parsed)
    {
        var asked = parsed.GetValue(_address);
        var text = asked ?? Variable(AddressVariable) ?? DefaultAddress;
        return (text.Contains("://", StringComparison.Ordinal) || text.Length == 0 ? text : $"http://{text}", asked);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
