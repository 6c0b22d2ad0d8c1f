using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Baselines;

public sealed class BaselineFolderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"actorflow-baselines-{Guid.NewGuid():n}");

    [Theory]
    [InlineData("main", true)]
    [InlineData("v1.2_a-b", true)]
    [InlineData("../main", false)]
    [InlineData("a/b", false)]
    [InlineData(".hidden", false)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    public void A_name_is_that_of_a_file_in_the_folder(string name, bool isName) => Assert.Equal(isName, BaselineFolder.IsName(name));

    [Fact]
    public async Task Saved_runs_come_oldest_first_and_other_files_are_left_out()
    {
        var folder = new BaselineFolder(_path);
        await ResultFile.SaveAsync(Sample.Run() with { CreatedUtc = DateTimeOffset.UnixEpoch.AddDays(2) }, folder.FileOf("a"));
        await ResultFile.SaveAsync(Sample.Run() with { CreatedUtc = DateTimeOffset.UnixEpoch.AddDays(1) }, folder.FileOf("b"));
        await File.WriteAllTextAsync(folder.FileOf("c"), "not a run");
        var half = Sample.Run(Sample.Spec("a", Sample.Metric("m", MetricKind.Time, 1)));
        await File.WriteAllTextAsync(folder.FileOf("d"), ResultFile.Write(half).Replace("\"values\": [ 1 ]", "\"values\": []"));

        Assert.Equal(["b", "a"], (await folder.AllAsync()).Select(baseline => baseline.Name));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_holds_nothing() => Assert.Empty(await new BaselineFolder(_path).AllAsync());

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
