using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Graphs;

namespace ActorFlow.Node.Api;

/// <summary>The operations on definitions: what gRPC and JSON have in common.</summary>
/// <param name="client">Does them.</param>
/// <param name="gate">Lets calls in.</param>
internal sealed class DefinitionApi(IWorkflowClient client, ApiGate gate)
{
    private readonly IDefinitionClient _definitions = client.Definitions;

    /// <summary>Registers a file: each of its definitions, and whether this call registered it.</summary>
    public Task<ImmutableArray<(RegisteredDefinition Definition, bool Created)>> RegisterAsync(
        ApiCaller caller, string content, CancellationToken cancellationToken) => gate.DoAsync(caller, ApiRole.Operator, async () =>
    {
        var before = await KnownAsync(content, cancellationToken).ConfigureAwait(false);
        var registered = await _definitions.RegisterAsync(content, cancellationToken).ConfigureAwait(false);
        return registered.Select(definition => (definition, !before.Contains((definition.Name, definition.Version)))).ToImmutableArray();
    });

    /// <summary>Lists every version of every name.</summary>
    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(ApiCaller caller, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => _definitions.ListAsync(cancellationToken));

    /// <summary>Lists the versions of a name, at least one.</summary>
    public Task<ImmutableArray<RegisteredDefinition>> VersionsAsync(ApiCaller caller, string name, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, async () =>
        {
            var versions = await _definitions.VersionsAsync(name, cancellationToken).ConfigureAwait(false);
            return versions.IsEmpty
                ? throw WorkflowRefusedException.Of("definition-not-found", $"No workflow '{Core.Payloads.OneLine.Of(name)}' is registered.")
                : versions;
        });

    /// <summary>Reads a definition.</summary>
    public Task<DefinitionContent> GetAsync(ApiCaller caller, string definition, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => _definitions.GetAsync(definition, cancellationToken));

    /// <summary>Draws a definition.</summary>
    public Task<(string Content, string MediaType)> GraphAsync(ApiCaller caller, string definition, string format, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, async () =>
        {
            var (write, mediaType) = WriterOf(format);
            var content = await _definitions.GetAsync(definition, cancellationToken).ConfigureAwait(false);
            return (write(WorkflowGraph.Of(DefinitionJson.Read(content.Content.Utf8.Span))), mediaType);
        });

    /// <summary>Checks a file.</summary>
    public Task<ImmutableArray<DefinitionProblem>> ValidateAsync(ApiCaller caller, string content, CancellationToken cancellationToken) =>
        gate.DoAsync(caller, ApiRole.Viewer, () => _definitions.ValidateAsync(content, cancellationToken));

    private static (Func<WorkflowGraph, string> Write, string MediaType) WriterOf(string format) => format switch
    {
        "" or "mermaid" => (MermaidGraph.Write, "text/vnd.mermaid"),
        "dot" => (DotGraph.Write, "text/vnd.graphviz"),
        "svg" => (SvgGraph.Write, "image/svg+xml"),
        _ => throw WorkflowRefusedException.Of("invalid-request", "format must be mermaid, dot or svg."),
    };

    private async Task<HashSet<(string Name, int Version)>> KnownAsync(string content, CancellationToken cancellationToken)
    {
        var known = new HashSet<(string, int)>();
        foreach (var name in DefinitionReader.Read(content, "definition").Definitions.Select(definition => definition.Name).Distinct(StringComparer.Ordinal))
        {
            foreach (var version in await _definitions.VersionsAsync(name, cancellationToken).ConfigureAwait(false))
            {
                known.Add((version.Name, version.Version));
            }
        }

        return known;
    }
}
