using System.Collections.Immutable;
using ActorFlow.Client.Calling;
using ActorFlow.Client.Mapping;

namespace ActorFlow.Client;

/// <summary>Registers and reads definitions of a cluster.</summary>
/// <param name="calls">Speaks to the cluster.</param>
internal sealed class DefinitionClient(NodeCalls calls) : IDefinitionClient
{
    public async Task<ImmutableArray<RegisteredDefinition>> RegisterAsync(string content, CancellationToken cancellationToken = default)
    {
        var request = new V1.RegisterDefinitionsRequest { Content = ToWire.Text(content, "The file"), CommandId = ToWire.CommandId(null) };
        var response = await calls.CallAsync((node, options) => node.Definitions.RegisterAsync(request, options), cancellationToken).ConfigureAwait(false);
        return [.. response.Definitions.Select(FromWire.Of)];
    }

    public async Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default)
    {
        var request = new V1.ListDefinitionsRequest();
        var response = await calls.CallAsync((node, options) => node.Definitions.ListAsync(request, options), cancellationToken).ConfigureAwait(false);
        return [.. response.Items.Select(FromWire.Of)];
    }

    public async Task<ImmutableArray<RegisteredDefinition>> VersionsAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new V1.ListVersionsRequest { Name = ToWire.Text(name, "The name") };
        try
        {
            var response = await calls.CallAsync((node, options) => node.Definitions.VersionsAsync(request, options), cancellationToken).ConfigureAwait(false);
            return [.. response.Items.Select(FromWire.Of)];
        }
        catch (NotFoundException unknown) when (unknown.Code == "definition-not-found")
        {
            // A name without versions is no fault here, as it is none in a node's own process.
            return [];
        }
    }

    public async Task<DefinitionContent> GetAsync(string definition, CancellationToken cancellationToken = default)
    {
        var request = new V1.GetDefinitionRequest { Definition = ToWire.Text(definition, "The definition") };
        return FromWire.Of(await calls.CallAsync((node, options) => node.Definitions.GetAsync(request, options), cancellationToken).ConfigureAwait(false));
    }

    public async Task<ImmutableArray<DefinitionProblem>> ValidateAsync(string content, CancellationToken cancellationToken = default)
    {
        var request = new V1.ValidateDefinitionsRequest { Content = ToWire.Text(content, "The file") };
        var response = await calls.CallAsync((node, options) => node.Definitions.ValidateAsync(request, options), cancellationToken).ConfigureAwait(false);
        return [.. response.Problems.Select(FromWire.Of)];
    }
}
