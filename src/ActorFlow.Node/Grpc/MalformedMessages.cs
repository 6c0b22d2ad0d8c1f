using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorFlow.Node.Grpc;

/// <summary>
/// Answers a message that cannot be read as what it is, a wrong request. gRPC reads it before any interceptor is asked, and calls what fails there a
/// fault of the handler (<c>UNKNOWN</c>); our own handlers never end with that.
/// </summary>
internal static class MalformedMessages
{
    private const string StatusTrailer = "grpc-status";
    private const string MessageTrailer = "grpc-message";

    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    /// <summary>Lets a request through, and corrects its status.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            return;
        }

        foreach (var headers in (IHeaderDictionary?[])[context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers, context.Response.Headers])
        {
            if (headers is { IsReadOnly: false } && headers[StatusTrailer] == Unknown)
            {
                headers[StatusTrailer] = RefusalCode.Of("invalid-request").GrpcStatus.ToString(CultureInfo.InvariantCulture);
                headers[MessageTrailer] = "The message cannot be read.";
                headers[RefusalInterceptor.CodeTrailer] = "invalid-request";
            }
        }
    }
}
