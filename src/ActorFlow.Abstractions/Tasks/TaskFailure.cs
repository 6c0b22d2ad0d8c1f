namespace ActorFlow;

/// <summary>How an attempt failed.</summary>
/// <param name="type">The error type, as in <c>non-retryable</c> and <c>tasks.x.error.type</c>.</param>
/// <param name="message">What went wrong, for people. Quote texts in full: secrets are masked before the message is cut.</param>
/// <param name="retryable">Whether another attempt may help.</param>
public sealed class TaskFailure(string type, string message, bool retryable = true) : Exception(message)
{
    /// <summary>The error type.</summary>
    public string Type { get; } = type;

    /// <summary>Whether another attempt may help.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>The length of the message that is kept; of a longer one, its beginning and its end are kept.</summary>
    /// <value>From 100 up, in UTF-16 units. The default is only the worker's own limit, 8,192 unless it is set.</value>
    public int MessageLimit { get; init; } = int.MaxValue;

    /// <summary>The wait before the next attempt that the called service asks for; it replaces the wait of <c>retry</c>.</summary>
    /// <value>Not negative; more than a day counts as a day. Null, the default, means that the wait of <c>retry</c> applies.</value>
    public TimeSpan? RetryAfter { get; init; }
}
