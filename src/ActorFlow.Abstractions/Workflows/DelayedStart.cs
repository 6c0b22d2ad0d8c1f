namespace ActorFlow;

/// <summary>When the first task of a run begins, as its start says.</summary>
internal static class DelayedStart
{
    /// <summary>The longest delay: 3,650 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Checks what can be checked without a clock.</summary>
    /// <exception cref="InvalidRequestException"><c>invalid-request</c>: the delay is out of range, or both a delay and a time are given.</exception>
    public static void Check(StartOptions options)
    {
        if (options is { Delay: not null, StartAt: not null })
        {
            throw Wrong("delay and startAt are both given: give one of them.");
        }

        if (options.Delay is { } delay && (delay < TimeSpan.Zero || delay > Longest))
        {
            throw Wrong($"delay must lie between 0s and {Longest.TotalDays:0}d.");
        }
    }

    /// <summary>When the first task begins; null means at once.</summary>
    /// <param name="options">The options of the start.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidRequestException"><c>invalid-request</c>: the time is too far ahead, or <see cref="Check"/> refuses it.</exception>
    public static DateTimeOffset? TimeOf(StartOptions options, DateTimeOffset now)
    {
        Check(options);
        if (options.StartAt - now > Longest)
        {
            throw Wrong($"startAt must lie at most {Longest.TotalDays:0} days ahead.");
        }

        return options.StartAt ?? now + options.Delay;
    }

    private static WorkflowRefusedException Wrong(string message) => WorkflowRefusedException.Of("invalid-request", message);
}
