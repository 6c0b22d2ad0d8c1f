using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Client.Mapping;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Client.Calling;

/// <summary>Why a call failed, and what to do about it.</summary>
/// <param name="Refusal">What the caller is told if it is not repeated.</param>
internal sealed record CallFailure(WorkflowRefusedException Refusal)
{
    private const string CodeTrailer = "actorflow-code";
    private const string ProblemsTrailer = "actorflow-problems-bin";
    private const string RetryTrailer = "retry-after-ms";

    // A longer pause than this is no pause but a fault.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    /// <summary>Whether the same call may succeed later: for nothing but <c>unavailable</c>, <c>overloaded</c> and <c>timeout</c>.</summary>
    public bool MayRepeat => Refusal.Code is "unavailable" or "overloaded" or "timeout";

    /// <summary>Whether another node may do better at once.</summary>
    public bool IsOfNode => Refusal.Code is "unavailable";

    /// <summary>Whether the call was cancelled, by its caller or with its connection.</summary>
    public bool IsCancelled { get; private init; }

    /// <summary>Whether the connection broke, or there was none.</summary>
    public bool IsBroken { get; private init; }

    /// <summary>Whether the time was up, and no node said anything.</summary>
    public bool IsOfTime { get; private init; }

    /// <summary>How long the node asks to wait; null means that it does not.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The failure that an exception tells of; null if it tells of none.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="node">The address that was called, for people.</param>
    public static CallFailure? Of(Exception error, string node) => error switch
    {
        RpcException status => status.Trailers.GetValue(CodeTrailer) is { } code ? Refused(status, code) : Unnamed(status, node),
        WorkflowRefusedException refusal => new(refusal),
        // The time is up while the connection is made.
        TimeoutException => new(WorkflowRefusedException.Of("timeout", $"{node} did not answer in time.", error)) { IsOfTime = true },
        // Its node has another address now.
        ObjectDisposedException => Broken(node, "the connection was replaced", error),
        _ => null,
    };

    /// <summary>The failure of a stream that its node ended.</summary>
    public static CallFailure Ended(string node) => Broken(node, "it ended the stream", null);

    private static CallFailure Refused(RpcException status, string code) =>
        new(ProblemsOf(status, code) is { } problems ? new DefinitionException(problems) : WorkflowRefusedException.Of(code, ReasonOf(status), status))
        {
            RetryAfter = RetryAfterOf(status.Trailers),
        };

    private static CallFailure Unnamed(RpcException status, string node)
    {
        if (IsTransport(status))
        {
            return Broken(node, status.Status.DebugException?.GetBaseException().Message ?? ReasonOf(status), status) with
            {
                IsCancelled = status.StatusCode == StatusCode.Cancelled,
                RetryAfter = RetryAfterOf(status.Trailers),
            };
        }

        var (code, reason) = status.StatusCode switch
        {
            StatusCode.DeadlineExceeded => ("timeout", $"{node} did not answer in time."),
            StatusCode.Unauthenticated => ("unauthenticated", ReasonOf(status)),
            StatusCode.PermissionDenied => ("forbidden", ReasonOf(status)),
            // gRPC itself refuses a request that is larger than the node takes.
            StatusCode.ResourceExhausted when status.Status.Detail.Contains("message size", StringComparison.OrdinalIgnoreCase) => ("payload-too-large", ReasonOf(status)),
            StatusCode.ResourceExhausted => ("overloaded", ReasonOf(status)),
            _ => ("internal", ReasonOf(status)),
        };
        return new(WorkflowRefusedException.Of(code, reason, status))
        {
            IsOfTime = status.StatusCode == StatusCode.DeadlineExceeded,
            RetryAfter = RetryAfterOf(status.Trailers),
        };
    }

    private static CallFailure Broken(string node, string reason, Exception? cause) =>
        new(WorkflowRefusedException.Of("unavailable", $"The connection to {node} broke or could not be made: {reason.TrimEnd('.')}.", cause)) { IsBroken = true };

    // A node that stops, and one that is killed, ends its calls in different ways, none of which names a code.
    private static bool IsTransport(RpcException status) =>
        status.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled
        || (status.StatusCode is not StatusCode.DeadlineExceeded && status.Status.DebugException is HttpRequestException or IOException);

    private static string ReasonOf(RpcException status) =>
        status.Status.Detail is { Length: > 0 } detail ? detail : $"The node answered {status.StatusCode} and no reason.";

    private static ImmutableArray<DefinitionProblem>? ProblemsOf(RpcException status, string code)
    {
        if (code != "definition-invalid" || status.Trailers.GetValueBytes(ProblemsTrailer) is not { } bytes)
        {
            return null;
        }

        try
        {
            var problems = V1.DefinitionProblems.Parser.ParseFrom(bytes).Problems;
            return problems.Count == 0 ? null : [.. problems.Select(FromWire.Of)];
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryAfterOf(Metadata trailers) =>
        double.TryParse(trailers.GetValue(RetryTrailer), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestRest.TotalMilliseconds))
            : null;
}
