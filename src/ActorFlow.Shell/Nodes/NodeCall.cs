using System.Text;
using ActorFlow.Core.Definitions;
using ActorFlow.Node.Admin;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Nodes;

/// <summary>A command that was typed at a shell, for a node.</summary>
/// <param name="client">Speaks to the node.</param>
/// <param name="console">The console.</param>
/// <param name="address">The address on the command line; null means that it names none.</param>
internal sealed class NodeCall(IWorkflowClient client, ShellConsole console, string? address) : IAdminHost
{
    /// <inheritdoc/>
    public IWorkflowClient Client => client;

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public string User => Environment.UserName;

    /// <inheritdoc/>
    public string Line(params IEnumerable<string> words) => ShellWords.Join(["actorflow", .. words, address is null ? null : "--address", address]);

    /// <inheritdoc/>
    public async Task<string> ReadFileAsync(string name, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(name, DefinitionLimits.FileBytes, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes.Span);
    }

    /// <inheritdoc/>
    public Task<Payload> ReadJsonAsync(AdminArgument argument, string word, CancellationToken cancellationToken) =>
        RunInput.ReadAsync(word, console.In, cancellationToken, argument.Name);
}
