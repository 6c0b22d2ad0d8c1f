using System.Text.Json;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Tests.Import;

public sealed class WfInstancesTests : IDisposable
{
    private readonly ShellSession _session = new();

    public static TheoryData<string> Files => WfInstances.Files;

    public void Dispose() => _session.Dispose();

    [WfInstancesTheory]
    [MemberData(nameof(Files))]
    public async Task A_recorded_execution_imports_validates_and_is_drawn(string name)
    {
        var source = Path.Combine(WfInstances.Directory!, name);
        var yaml = _session.PathOf("workflow.yaml");

        Assert.Equal(0, await _session.RunAsync("import", "wfformat", source, "--time-scale", "0.5", "--out", yaml));
        Assert.Equal(0, await _session.RunAsync("validate", yaml));
        Assert.Equal(0, await _session.RunAsync("graph", yaml, "--format", "svg"));

        var definition = DefinitionReader.Read(await File.ReadAllTextAsync(yaml), yaml).Main;
        using var recorded = JsonDocument.Parse(await File.ReadAllTextAsync(source));
        var tasks = recorded.RootElement.GetProperty("workflow").GetProperty("specification").GetProperty("tasks");
        Assert.Equal(tasks.GetArrayLength(), definition.Tasks.Length);
        Assert.Equal(tasks.EnumerateArray().Sum(task => task.GetProperty("parents").GetArrayLength()), definition.Tasks.Sum(task => task.Needs.Length));
        Assert.Equal(tasks.EnumerateArray().Select(task => task.GetProperty("name").GetString()), definition.Tasks.Select(task => task.Title));
        Assert.Empty(_session.Error);
    }
}
