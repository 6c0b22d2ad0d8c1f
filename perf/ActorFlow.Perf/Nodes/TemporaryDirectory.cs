namespace ActorFlow.Perf.Nodes;

/// <summary>A directory of its own, empty; it goes with all that is in it, at the latest when this process ends.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly AtExit _removal;

    public TemporaryDirectory()
    {
        Path = Directory.CreateTempSubdirectory("actorflow-perf-").FullName;
        _removal = new(() => Directory.Delete(Path, recursive: true));
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => _removal.Dispose();
}
