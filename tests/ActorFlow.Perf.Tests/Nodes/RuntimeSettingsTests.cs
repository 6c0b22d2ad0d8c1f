using System.Text.Json;
using ActorFlow.Perf.Nodes;

namespace ActorFlow.Perf.Tests.Nodes;

public sealed class RuntimeSettingsTests
{
    [Fact]
    public void What_is_measured_collects_and_waits_as_the_command_does()
    {
        var command = Settings(Path.ChangeExtension(ActorFlowProcess.Program, ".runtimeconfig.json"));

        Assert.Equal("True", command["System.GC.Server"]);
        Assert.Equal("0", command["System.Threading.ThreadPool.UnfairSemaphoreSpinLimit"]);
        Assert.Equal(command, Settings(Path.Combine(AppContext.BaseDirectory, "ActorFlow.Perf.runtimeconfig.json")));
    }

    private static Dictionary<string, string> Settings(string file)
    {
        using var configuration = JsonDocument.Parse(File.ReadAllText(file));
        return configuration.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject()
            .Where(one => one.Name.StartsWith("System.GC.", StringComparison.Ordinal) || one.Name.StartsWith("System.Threading.", StringComparison.Ordinal))
            .ToDictionary(one => one.Name, one => one.Value.ToString());
    }
}
