using System.Globalization;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ActorFlow.Node.Grpc;

/// <summary>Answers refusals with a gRPC status and the trailer <c>actorflow-code</c>.</summary>
/// <param name="gate">Names faults.</param>
/// <param name="methods">What methods need.</param>
/// <param name="trail">Records commands, and counts refusals at the door.</param>
internal sealed class RefusalInterceptor(ApiGate gate, MethodRoutes methods, AuditTrail trail) : Interceptor
{
    /// <summary>The trailer with the code.</summary>
    public const string CodeTrailer = "actorflow-code";

    /// <summary>The trailer with the problems of a definition.</summary>
    public const string ProblemsTrailer = "actorflow-problems-bin";

    /// <summary>The trailer with the time to wait, in milliseconds.</summary>
    public const string RetryTrailer = "retry-after-ms";

    // Trailers are headers: most readers refuse more than 16 KiB of them.
    private const int MostProblemBytes = 6 << 10;
    private const int LongestDetail = 2_000;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return methods.Require(context) is { IsRecorded: true } route
                ? await trail.RecordAsync<TResponse>(
                    CallerIdentity.Of(context),
                    route.Name,
                    response => RecordedMessage.TargetOf(request, response),
                    RecordedMessage.TextOf(request, "command_id"),
                    () => continuation(request, context)).ConfigureAwait(false)
                : await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw StatusOf(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            methods.Require(context);
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw StatusOf(error, context);
        }
    }

    private RpcException StatusOf(Exception error, ServerCallContext context)
    {
        if (error is OperationCanceledException || context.CancellationToken.IsCancellationRequested)
        {
            return new(new(context.Deadline <= DateTime.UtcNow ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, "The call was ended by its caller."));
        }

        var refused = gate.Named(error);
        trail.NoteRefusal(context.GetHttpContext(), refused);
        var code = RefusalCode.Of(refused.Code);
        var trailers = new Metadata { { CodeTrailer, code.ApiWord } };
        if (code.Category is RefusalCategory.Overloaded or RefusalCategory.Unavailable)
        {
            trailers.Add(RetryTrailer, RetryAfter.Of(code.Category).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        if (refused is DefinitionException invalid)
        {
            trailers.Add(ProblemsTrailer, ProblemsOf(invalid).ToByteArray());
        }

        var detail = refused.Message.Length <= LongestDetail ? refused.Message : refused.Message[..LongestDetail];
        return new(new((StatusCode)code.GrpcStatus, detail), trailers);
    }

    private static V1.DefinitionProblems ProblemsOf(DefinitionException invalid)
    {
        var problems = new V1.DefinitionProblems();
        foreach (var problem in invalid.Errors)
        {
            problems.Problems.Add(ToWire.Of(problem));
            if (problems.CalculateSize() > MostProblemBytes)
            {
                problems.Problems.RemoveAt(problems.Problems.Count - 1);
                break;
            }
        }

        return problems;
    }
}
