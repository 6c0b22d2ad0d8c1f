using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The audit over gRPC.</summary>
/// <param name="api">Reads it.</param>
internal sealed class AuditService(AuditApi api) : V1.Audit.AuditBase
{
    public override async Task<V1.ListAuditResponse> List(V1.ListAuditRequest request, ServerCallContext context)
    {
        var (items, next) = await api.ListAsync(
            CallerIdentity.Of(context),
            new()
            {
                Since = FromWire.At(request.Since, "since"),
                Until = FromWire.At(request.Until, "until"),
                By = FromWire.Text(request.By),
                Target = FromWire.Text(request.Target),
                Limit = request.Limit == 0 ? 100 : request.Limit,
            },
            FromWire.Text(request.Cursor),
            context.CancellationToken).ConfigureAwait(false);
        var response = new V1.ListAuditResponse { Next = next ?? string.Empty };
        response.Items.AddRange(items.Select(entry => new V1.AuditEntry
        {
            Time = Timestamp.FromDateTimeOffset(entry.Time),
            By = entry.Caller,
            Role = entry.Role,
            Operation = entry.Verb,
            Target = entry.Target,
            CommandId = entry.Command,
            Outcome = entry.Outcome,
            Count = entry.Count,
        }));
        return response;
    }
}
