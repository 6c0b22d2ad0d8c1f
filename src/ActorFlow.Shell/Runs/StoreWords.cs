namespace ActorFlow.Shell.Runs;

/// <summary>What a display says of a store that cannot write.</summary>
internal static class StoreWords
{
    /// <summary>One line.</summary>
    /// <param name="why">What the disk or the database said; none: it can write again.</param>
    public static string Of(string? why) =>
        why is null ? "the store can write again, and the run goes on" : $"the store cannot write: {TerminalText.Fit(why, 200)}; the run waits, and goes on by itself once it can";
}
