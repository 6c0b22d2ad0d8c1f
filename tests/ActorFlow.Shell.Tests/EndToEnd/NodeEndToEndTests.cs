using System.Net;
using System.Text;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>A node as the command runs it.</summary>
public sealed class NodeEndToEndTests : IDisposable
{
    private const int Terminate = 15;

    private const string Hello = """
        name: hello
        tasks:
          greet: { uses: process, with: { command: echo, args: ["Hello, ${{ input.name }}"] } }
        output: ${{ tasks.greet.output.stdout }}
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task A_node_for_trying_serves_runs_what_it_is_told_and_stops_in_good_order()
    {
        var port = LoopbackPort.Free();
        using var node = _command.Start("dev", "--port", $"{port}", "--data", "try");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(() => IsReadyAsync(http), "the node is ready", TimeSpan.FromMinutes(1));

        using var registered = await http.PostAsync("/api/v1/definitions", new StringContent(Hello, Encoding.UTF8, "application/yaml"));
        using var started = await http.PostAsync(
            "/api/v1/workflows", new StringContent("""{"definition":"hello","id":"h1","input":{"name":"Ada"},"wait":"30s"}""", Encoding.UTF8, "application/json"));
        var answer = await started.Content.ReadAsStringAsync();
        var busy = await _command.RunAsync("dev", "--port", $"{port}", "--data", "other");
        node.Signal(Terminate);
        var end = await node.EndAsync();
        var shown = await _command.RunAsync("show", "h1", "--data", "try");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (registered.StatusCode, started.StatusCode));
        Assert.Contains("\"output\":\"Hello, Ada", answer, StringComparison.Ordinal);
        Assert.Equal(3, busy.ExitCode);
        Assert.Contains("cannot listen at", Assert.Single(busy.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((0, string.Empty), (end.ExitCode, end.Error));
        Assert.Contains($"http://127.0.0.1:{port}", end.Out, StringComparison.Ordinal);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("completed", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_settings_of_a_node_is_told_at_once_a_line_each()
    {
        _command.Write("appsettings.json", """{ "ActorFlow": { "Api": { "Adress": "127.0.0.1:1" } } }""");
        _command.Write("node.json", """{ "ActorFlow": { "Worker": { "Graze": "1s" } } }""");

        var wrong = await _command.RunAsync("node", "--config", "node.json", "--set", "Api:MaxInFlight=0");
        var open = await _command.RunAsync("node", "--config", "absent.json");
        var noSetting = await _command.RunAsync("node", "--set", "nothing");

        Assert.Equal((2, 2, 2), (wrong.ExitCode, open.ExitCode, noSetting.ExitCode));
        foreach (var key in (string[])["ActorFlow:Api:Adress", "ActorFlow:Worker:Graze", "ActorFlow:Api:MaxInFlight"])
        {
            Assert.Contains(wrong.ErrorLines, line => line.StartsWith("actorflow: " + key, StringComparison.Ordinal));
        }

        Assert.Equal(3, wrong.ErrorLines.Length);
        Assert.Single(open.ErrorLines);
    }

    internal static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
