using System.Text;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Node.Admin;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Nodes;

/// <summary>A command that was typed at a shell, for a node.</summary>
/// <param name="client">Speaks to the node.</param>
/// <param name="access">Keeps its keys and reads its audit.</param>
/// <param name="console">The console.</param>
/// <param name="place">The words on the command line that name the node or the store; empty means none.</param>
internal sealed class NodeCall(IWorkflowClient client, IAccessAdministration access, ShellConsole console, IEnumerable<string> place) : IAdminHost
{
    /// <inheritdoc/>
    public IWorkflowClient Client => client;

    /// <inheritdoc/>
    public IAccessAdministration Access => access;

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public string User => Environment.UserName;

    /// <inheritdoc/>
    public string Line(params IEnumerable<string> words) => CommandLine.Of(["actorflow", .. words.Where(word => word.Length > 0), .. place]);

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
