using ActorFlow.Core.Payloads;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>Whether what a handler gives can leave its worker: the mask, the run and its readers have to be able to read it.</summary>
internal static class PayloadCheck
{
    /// <summary>How an attempt fails that gave this; null means that it does not.</summary>
    /// <param name="payload">What the handler gave.</param>
    /// <param name="what">What it is, at the beginning of a sentence.</param>
    public static TaskFailure? Fault(Payload payload, string what) =>
        PayloadFault.IsTooDeep(payload)
            ? new(ErrorTypes.PayloadTooDeep, $"{what} nests deeper than {JsonDepth.Limit} levels.", retryable: false)
        : PayloadFault.IsNotText(payload)
            ? new(ErrorTypes.PayloadNotText, $"{what} is not Unicode text: half of a surrogate pair, or bytes that are not UTF-8.", retryable: false)
        : null;
}
