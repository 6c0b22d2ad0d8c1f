using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The operations on API keys over gRPC.</summary>
/// <param name="api">Does them.</param>
internal sealed class KeysService(KeyApi api) : V1.Keys.KeysBase
{
    private static readonly V1.RevokeKeyResponse Revoked = new();

    public override async Task<V1.CreateKeyResponse> Create(V1.CreateKeyRequest request, ServerCallContext context)
    {
        var (key, text) = await api.CreateAsync(
            CallerIdentity.Of(context),
            request.Name,
            request.Role,
            FromWire.Time(request.Expires, "expires"),
            FromWire.Text(request.CommandId),
            context.CancellationToken).ConfigureAwait(false);
        return new() { Key = Of(key), Text = text };
    }

    public override async Task<V1.ListKeysResponse> List(V1.ListKeysRequest request, ServerCallContext context)
    {
        var response = new V1.ListKeysResponse();
        response.Items.AddRange((await api.ListAsync(CallerIdentity.Of(context), context.CancellationToken).ConfigureAwait(false)).Select(Of));
        return response;
    }

    public override async Task<V1.RevokeKeyResponse> Revoke(V1.RevokeKeyRequest request, ServerCallContext context)
    {
        await api.RevokeAsync(
            CallerIdentity.Of(context), request.Key, request.Last, FromWire.Text(request.CommandId), context.CancellationToken).ConfigureAwait(false);
        return Revoked;
    }

    private static V1.Key Of(StoredApiKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Role = key.Role,
        Created = Timestamp.FromDateTimeOffset(key.Created),
        CreatedBy = key.CreatedBy,
        Expires = At(key.Expires),
        Revoked = At(key.Revoked),
        RevokedBy = key.RevokedBy ?? string.Empty,
    };

    private static Timestamp? At(DateTimeOffset? time) => time is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
