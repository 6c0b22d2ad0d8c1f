namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>What a command wrote, and how it ended.</summary>
internal sealed record Said(int Code, string Out, string[] OutLines, string[] ErrorLines)
{
    /// <summary>Runs the command in a session of its own.</summary>
    public static async Task<Said> ByAsync(params string[] args)
    {
        using var session = new ShellSession();
        var code = await session.RunAsync(args);
        return new(code, session.Out, session.OutLines, session.ErrorLines);
    }
}
