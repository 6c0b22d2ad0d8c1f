using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Secrets;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// The one way out of a worker: every output, error, progress and line of a log passes here. Secrets are masked first, and only then
/// is anything measured or cut: half a secret would not be found.
/// </summary>
/// <param name="secrets">What to mask.</param>
/// <param name="payloadLimit">The largest output and progress, in bytes.</param>
/// <param name="messageLimit">The longest error message, in UTF-16 units.</param>
internal sealed class AttemptOutlet(KnownSecrets secrets, int payloadLimit, int messageLimit)
{
    /// <summary>The longest text that is logged, in UTF-16 units.</summary>
    public const int LogLimit = 32 * 1024;

    /// <summary>Whether nothing would be changed but what is too long.</summary>
    public bool MasksNothing => secrets.Mask.IsEmpty;

    /// <summary>The handler returned.</summary>
    public HandlerEnd Returned(Payload output, Payload? progress)
    {
        if (PayloadCheck.Fault(output, "The output") is { } fault)
        {
            return Failed(fault, progress);
        }

        output = secrets.Mask.Apply(output);
        return output.Length <= payloadLimit
            ? new(HandlerEndKind.Returned, new TaskOutcome.Succeeded(output))
            : Failed(new(ErrorTypes.PayloadTooLarge, $"The output is {output.Length} bytes; the limit is {payloadLimit}.", retryable: false), progress);
    }

    /// <summary>The handler says how it failed.</summary>
    public HandlerEnd Failed(TaskFailure failure, Payload? progress) => new(
        HandlerEndKind.Failed,
        new TaskOutcome.Failed(
            Text(ThrownError.TypeOf(failure), ThrownError.TypeLimit),
            Text(ThrownError.MessageOf(failure), Math.Min(messageLimit, failure.MessageLimit)),
            failure.Retryable,
            progress)
        {
            RetryAfter = failure.RetryAfter,
        });

    /// <summary>The handler threw something else.</summary>
    public HandlerEnd Threw(Exception error, Payload? progress) => error is JsonTooDeepException
        ? Failed(new(ErrorTypes.PayloadTooDeep, $"The handler met JSON that nests deeper than {JsonDepth.Limit} levels.", retryable: false), progress)
        : new(
            HandlerEndKind.Threw,
            new TaskOutcome.Failed(
                ThrownError.TypeOf(error), Text(ThrownError.MessageOf(error), messageLimit), Retryable: true, progress));

    /// <summary>Progress as it may be told.</summary>
    /// <exception cref="TaskFailure">It is too large, too deep or not text.</exception>
    public Payload Progress(Payload progress)
    {
        if (PayloadCheck.Fault(progress, "The progress") is { } fault)
        {
            throw fault;
        }

        progress = secrets.Mask.Apply(progress);
        return progress.Length <= payloadLimit
            ? progress
            : throw new TaskFailure(
                ErrorTypes.PayloadTooLarge, $"The progress is {progress.Length} bytes; the limit is {payloadLimit}.", retryable: false);
    }

    /// <summary>A text as it may be told: of one that is too long, its beginning and its end.</summary>
    public string Text(string text, int limit)
    {
        text = secrets.Mask.Apply(text);
        if (text.Length <= limit)
        {
            return text;
        }

        var tail = (limit - 3) / 2;
        var head = limit - 3 - tail;
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail -= char.IsLowSurrogate(text[^tail]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), " … ", text.AsSpan(text.Length - tail));
    }
}
