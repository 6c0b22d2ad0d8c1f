namespace ActorFlow.Runtime.Tests.Hosting;

/// <summary>A data directory of one test, gone with it.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actorflow-host-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
