using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The operations on definitions over gRPC.</summary>
/// <param name="api">Does them.</param>
internal sealed class DefinitionsService(DefinitionApi api) : V1.Definitions.DefinitionsBase
{
    public override async Task<V1.RegisterDefinitionsResponse> Register(V1.RegisterDefinitionsRequest request, ServerCallContext context)
    {
        CheckMediaType(request.MediaType);
        var response = new V1.RegisterDefinitionsResponse();
        foreach (var (definition, created) in await api.RegisterAsync(CallerIdentity.Of(context), request.Content, context.CancellationToken).ConfigureAwait(false))
        {
            var message = ToWire.Of(definition);
            message.Created = created;
            response.Definitions.Add(message);
        }

        return response;
    }

    public override async Task<V1.ListDefinitionsResponse> List(V1.ListDefinitionsRequest request, ServerCallContext context)
    {
        var response = new V1.ListDefinitionsResponse();
        response.Items.AddRange((await api.ListAsync(CallerIdentity.Of(context), context.CancellationToken).ConfigureAwait(false)).Select(ToWire.Of));
        return response;
    }

    public override async Task<V1.ListDefinitionsResponse> Versions(V1.ListVersionsRequest request, ServerCallContext context)
    {
        var response = new V1.ListDefinitionsResponse();
        response.Items.AddRange((await api.VersionsAsync(CallerIdentity.Of(context), request.Name, context.CancellationToken).ConfigureAwait(false)).Select(ToWire.Of));
        return response;
    }

    public override async Task<V1.Definition> Get(V1.GetDefinitionRequest request, ServerCallContext context)
    {
        var found = await api.GetAsync(CallerIdentity.Of(context), request.Definition, context.CancellationToken).ConfigureAwait(false);
        return new()
        {
            Name = found.Definition.Name,
            Version = found.Definition.Version,
            Hash = found.Definition.Hash,
            Content = UnsafeByteOperations.UnsafeWrap(found.Content.Utf8),
        };
    }

    public override async Task<V1.DefinitionGraph> Graph(V1.GetDefinitionGraphRequest request, ServerCallContext context)
    {
        var (content, mediaType) = await api.GraphAsync(CallerIdentity.Of(context), request.Definition, request.Format, context.CancellationToken).ConfigureAwait(false);
        return new() { Content = content, MediaType = mediaType };
    }

    public override async Task<V1.ValidateDefinitionsResponse> Validate(V1.ValidateDefinitionsRequest request, ServerCallContext context)
    {
        CheckMediaType(request.MediaType);
        var problems = await api.ValidateAsync(CallerIdentity.Of(context), request.Content, context.CancellationToken).ConfigureAwait(false);
        var response = new V1.ValidateDefinitionsResponse { Valid = problems.All(problem => problem.IsWarning) };
        response.Problems.AddRange(problems.Select(ToWire.Of));
        return response;
    }

    private static void CheckMediaType(string mediaType)
    {
        if (mediaType is not ("" or "application/yaml" or "application/json"))
        {
            throw WorkflowRefusedException.Of("invalid-request", "media_type must be application/yaml or application/json.");
        }
    }
}
