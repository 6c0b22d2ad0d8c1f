using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Tests;

/// <summary>A directory of its own, and the command run in it as a user would, its streams caught.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-");
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public IWorkflowRunner? Runner { get; init; }

    public string Stdin { get; init; } = "";

    /// <summary>Whether a person sits at the terminal.</summary>
    public bool IsTerminal { get; init; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string[] OutLines => Lines(Out);

    public string[] ErrorLines => Lines(Error);

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public Task<int> RunAsync(params string[] args)
    {
        var console = new ShellConsole(new StringReader(Stdin), _out, _error, IsTerminal) { InIsTerminal = IsTerminal, OutIsTerminal = IsTerminal };
        return ActorFlowCommand.InvokeAsync(args, console, Runner is null ? null : () => Runner);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
