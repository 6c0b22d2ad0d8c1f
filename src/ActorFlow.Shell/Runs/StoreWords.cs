namespace ActorFlow.Shell.Runs;

/// <summary>The text of a display about a store that cannot write.</summary>
internal static class StoreWords
{
    /// <summary>The text, in one line.</summary>
    /// <param name="why">The error of the disk or the database; null means that the store can write again.</param>
    public static string Of(string? why) =>
        why is null ? "the store can write again, and the run goes on" : $"the store cannot write: {TerminalText.Fit(why, 200)}; the run waits, and goes on by itself once it can";
}
