using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ActorFlow.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace ActorFlow.Node.Tests.SampleApplications;

/// <summary>The sample application starts runs and answers what they ask, on a node.</summary>
public sealed class OrderDeskTests : IAsyncLifetime
{
    private RunningNode _node = null!;
    private WebApplication _desk = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        _desk = OrderDesk.Desk.Build([$"--Nodes:0={_node.Http.BaseAddress}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
        await _desk.StartAsync();
        _http = new() { BaseAddress = new(_desk.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _desk.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_placed_once_paid_once_approved_and_shipped()
    {
        var placed = await PutAsync("/orders/7", new { item = "lamp", amount = 120 });
        var again = await PutAsync("/orders/7", new { item = "lamp", amount = 120 });
        var before = await GetAsync("/orders/7");
        await PostAsync("/orders/7/payment", new { reference = "p-1", amount = 120 });
        await PostAsync("/orders/7/payment", new { reference = "p-1", amount = 120 });
        var questions = await GetAsync("/questions");
        await PostAsync("/orders/7/approval", new { approved = true, by = "Ada" });
        await Eventually.HoldsAsync(async () => (await GetAsync("/orders/7")).GetProperty("status").GetString() == "completed", "the order is shipped");
        var after = await GetAsync("/orders/7");

        Assert.Equal((true, false), (placed.GetProperty("created").GetBoolean(), again.GetProperty("created").GetBoolean()));
        Assert.Equal("paid waits for the signal payment.", before.GetProperty("why").GetString());
        Assert.Equal(["Ship lamp for 120?"], questions.EnumerateArray().Select(question => question.GetProperty("prompt").GetString()));
        Assert.Equal("""{"shipped":"lamp"}""", after.GetProperty("output").GetRawText());
        Assert.Single((await _node.Local.ListPageAsync()).Items);
    }

    [Fact]
    public async Task What_the_node_refuses_is_told_with_its_status()
    {
        var unknown = await _http.GetAsync("/orders/404");
        var wrong = await _http.PutAsJsonAsync("/orders/8", new { item = "lamp" });
        var other = await _http.PutAsJsonAsync("/orders/9", new { item = "lamp", amount = 1 });
        var conflict = await _http.PutAsJsonAsync("/orders/9", new { item = "chair", amount = 1 });

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Conflict],
            [unknown.StatusCode, wrong.StatusCode, other.StatusCode, conflict.StatusCode]);
    }

    [CurlFact]
    public async Task The_script_does_the_same_by_curl()
    {
        var (exitCode, output, error) = await CurlFactAttribute.RunAsync(_node.Http.BaseAddress!, "curl-7");

        Assert.True(exitCode == 0, $"{error}\n{output}");
        Assert.Contains("\"summary\":\"paid waits for the signal payment.\"", output, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"run-completed\"", output, StringComparison.Ordinal);
        Assert.Contains("\"output\":{\"shipped\":\"lamp\"}", output, StringComparison.Ordinal);
        Assert.Equal("Ada", (await _node.Local.DescribeAsync("curl-7")).Tasks.Single(task => task.Path == "approve").Output!.To<JsonElement>().GetProperty("claimedBy").GetString());
    }

    private async Task<JsonElement> PutAsync(string path, object body)
    {
        var response = await _http.PutAsJsonAsync(path, body);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task PostAsync(string path, object body) => Assert.Equal(HttpStatusCode.NoContent, (await _http.PostAsJsonAsync(path, body)).StatusCode);

    private Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);
}
