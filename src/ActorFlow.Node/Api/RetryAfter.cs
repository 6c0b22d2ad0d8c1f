namespace ActorFlow.Node.Api;

/// <summary>How long a caller should wait before it repeats a call that was refused for now.</summary>
internal static class RetryAfter
{
    /// <summary>The time to wait.</summary>
    /// <param name="category">Why the call was refused.</param>
    public static TimeSpan Of(RefusalCategory category) => category == RefusalCategory.Overloaded ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(1);
}
