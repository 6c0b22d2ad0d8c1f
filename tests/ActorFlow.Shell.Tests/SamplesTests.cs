using ActorFlow.Shell.Runs;
using ActorFlow.Shell.Tests.Runs;
using ActorFlow.Tasks;
using ActorFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Shell.Tests;

/// <summary>What a newcomer runs first must not be broken.</summary>
public sealed class SamplesTests : IDisposable
{
    private static readonly string Samples = Path.Combine(RepositoryFolder.Root, "src", "ActorFlow.Samples");

    private readonly ShellSession _session = new() { Runner = new ScriptedRunner { Handlers = BuiltIn() } };

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Samples, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_sample_is_valid_without_a_warning_and_needs_only_handlers_that_are_built_in(string file)
    {
        Assert.Equal(0, await _session.RunAsync("validate", Path.Combine(Samples, file)));
        Assert.Empty(_session.Error);

        Assert.Equal(0, await _session.RunAsync("run", Path.Combine(Samples, file), "--quiet"));
    }

    [Fact]
    public async Task The_order_of_the_sample_is_json()
    {
        var input = await RunInput.ReadAsync("@" + Path.Combine(Samples, "order.json"), TextReader.Null, CancellationToken.None);

        Assert.Contains("A-1042", input.ToString());
    }

    private static string[] BuiltIn()
    {
        using var provider = new ServiceCollection().AddBuiltInTasks(new BuiltInTaskOptions { Process = { Enabled = true } }).BuildServiceProvider();
        return [.. provider.GetServices<TaskRegistration>().Select(task => task.Name)];
    }
}
