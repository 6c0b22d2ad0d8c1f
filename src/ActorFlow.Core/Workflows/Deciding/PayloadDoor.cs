using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>The checks that every payload must pass before a run accepts it.</summary>
internal static class PayloadDoor
{
    /// <summary>The refusal of a value in a command; null means that it is accepted.</summary>
    /// <param name="payload">The value.</param>
    /// <param name="what">The name of the value, at the beginning of a sentence.</param>
    public static Decision.Refused? Refuse(Payload payload, string what) => Fault(payload, what) is var (type, message)
        ? new(
            type switch
            {
                ErrorTypes.PayloadTooLarge => "payload-too-large",
                ErrorTypes.PayloadTooDeep => "payload-too-deep",
                _ => "payload-not-text",
            },
            message)
        : null;

    /// <summary>Why a value from a handler, a child or an expression fails its task; null means that it does not.</summary>
    public static (string Type, string Message)? Fault(Payload payload, string what) =>
        payload.Length > Limits.PayloadBytes
            ? (ErrorTypes.PayloadTooLarge, $"{what} has {payload.Length:n0} bytes; at most {Limits.PayloadBytes:n0} are allowed.")
        : PayloadFault.IsNotText(payload)
            ? (ErrorTypes.PayloadNotText, $"{what} is not Unicode text: half of a surrogate pair, or bytes that are not UTF-8.")
        : TooDeep(payload, what);

    /// <summary>The error of a value that nests too deep, whatever its size; null means that it does not.</summary>
    /// <param name="payload">The value.</param>
    /// <param name="what">The name of the value, at the beginning of a sentence.</param>
    /// <param name="around">The levels that will be around it.</param>
    public static (string Type, string Message)? TooDeep(Payload payload, string what, int around = 0) =>
        JsonDepth.IsOver(payload.Utf8.Span, JsonDepth.Limit - around)
            ? (ErrorTypes.PayloadTooDeep, $"{what}{(around == 0 ? "" : " within the array of the for-each")} nests deeper than {JsonDepth.Limit} levels.")
            : null;
}
