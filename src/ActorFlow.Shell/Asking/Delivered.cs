namespace ActorFlow.Shell.Asking;

/// <summary>What follows after something was delivered to a run that nobody runs on yet.</summary>
internal static class Delivered
{
    /// <summary>How the run goes on.</summary>
    public static string GoOn(string run, string? data) =>
        $"go on with: {ShellWords.Join(["actorflow", "run", "--id", RunWords.TopOf(run), data is null ? null : "--data", data])}";
}
