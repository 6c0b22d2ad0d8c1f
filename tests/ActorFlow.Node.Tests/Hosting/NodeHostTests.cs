using System.Net;
using System.Text.Json;
using ActorFlow.Node.Hosting;
using ActorFlow.Node.Json;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Tests.Hosting;

public sealed class NodeHostTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private RunningNode Node => fixture.Node;

    [Fact]
    public void Everything_that_is_wrong_with_the_configuration_is_told_at_once()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => NodeHost.Build(RunningNode.Configuration(settings:
        [
            ("ActorFlow:Api:Adress", "127.0.0.1:1"),
            ("ActorFlow:Api:MaxInFlight", "0"),
            ("ActorFlow:Api:GrpcAddress", "nowhere"),
            ("ActorFlow:Cluster:Port", "70000"),
            ("ActorFlow:Tasks:Ecko", "true"),
        ])));

        foreach (var key in (string[])
            ["ActorFlow:Api:Adress", "ActorFlow:Api:MaxInFlight", "ActorFlow:Api:GrpcAddress", "ActorFlow:Cluster:Port", "ActorFlow:Tasks:Ecko"])
        {
            Assert.Contains(wrong.Failures, failure => failure.Contains(key, StringComparison.Ordinal));
        }

        Assert.All(wrong.Failures, failure => Assert.DoesNotContain('\n', failure));
    }

    [Fact]
    public async Task Health_is_told_with_each_check_over_HTTP_and_gRPC()
    {
        await TestSupport.Eventually.HoldsAsync(async () => (await Node.SendAsync("GET", "/health/ready")).Status == HttpStatusCode.OK, "the node is ready");
        var (live, _, _) = await Node.SendAsync("GET", "/health/live");
        var (_, ready, _) = await Node.SendAsync("GET", "/health/ready");
        var health = await new Health.HealthClient(Node.Channel).CheckAsync(new());

        Assert.Equal(HttpStatusCode.OK, live);
        using var document = JsonDocument.Parse(ready);
        Assert.Equal("healthy", document.RootElement.GetProperty("status").GetString());
        Assert.True(document.RootElement.GetProperty("checks").EnumerateObject().Count() >= 3, ready);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Metrics_are_there_for_Prometheus()
    {
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","wait":"30s"}""");

        var (status, metrics, _) = await Node.SendAsync("GET", "/metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("actorflow_workflow_started\\S* ", metrics);
    }

    [Fact]
    public async Task The_address_of_gRPC_is_told()
    {
        var (_, info, _) = await Node.SendAsync("GET", "/api/v1/info");

        using var document = JsonDocument.Parse(info);
        Assert.Equal(Node.Channel.Target, new Uri(document.RootElement.GetProperty("grpcAddress").GetString()!).Authority);
        Assert.Equal(JsonRoutes.Build, document.RootElement.GetProperty("build").GetString());
    }

    [Fact]
    public async Task The_services_are_listed_by_reflection()
    {
        using var call = new ServerReflection.ServerReflectionClient(Node.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(default));

        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "actorflow.v1.Workflows", "actorflow.v1.Definitions", "grpc.health.v1.Health" }, services);
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_operation_and_every_reference_in_it_leads_somewhere()
    {
        var (_, text, _) = await Node.SendAsync("GET", "/openapi/v1.json");
        using var document = JsonDocument.Parse(text);

        Assert.Equal("3.1.0", document.RootElement.GetProperty("openapi").GetString());
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(
                method => (Method: method.Name.ToUpperInvariant(), Path: path.Name, Name: method.Value.GetProperty("operationId").GetString()!)))
            .ToList();
        Assert.Equal(
            JsonRoutes.Of(Node.Services).Select(route => (route.Method, JsonRoutes.Prefix + route.Path, route.Name)).Order(),
            operations.Order());
        Assert.Equal(operations.Count, operations.Select(operation => operation.Name).Distinct().Count());
        foreach (var reference in References(document.RootElement))
        {
            var at = document.RootElement;
            foreach (var step in reference[2..].Split('/'))
            {
                Assert.True(at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out at), reference);
            }
        }
    }

    [Fact]
    public async Task The_page_of_the_API_asks_nothing_of_others()
    {
        var (status, page, response) = await Node.SendAsync("GET", "/docs");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (status, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("/api/v1/workflows/{id}/signals/{name}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_calls_than_may_be_under_way_are_refused_and_waits_are_not_counted()
    {
        await using var node = await RunningNode.StartAsync(settings: [("ActorFlow:Api:MaxInFlight", "1"), ("ActorFlow:Api:MaxStreams", "2")]);
        await node.Local.Definitions.RegisterAsync(Samples.Definitions);
        await node.Local.StartAsync("order", options: new() { Id = "open" });
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 2; i++)
        {
            streams.Add(await node.Http.GetAsync("/api/v1/workflows/open/events", HttpCompletionOption.ResponseHeadersRead));
        }

        var (refused, problem, response) = await node.SendAsync("GET", "/api/v1/workflows/open/events");
        var (waiting, _, _) = await node.SendAsync("GET", "/api/v1/workflows/open/result?wait=1s");
        var (read, _, _) = await node.SendAsync("GET", "/api/v1/workflows/open");
        await node.SendAsync("POST", "/api/v1/workflows/open/terminate", """{"reason":"enough"}""");

        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (refused, waiting, read));
        Assert.Contains("overloaded", problem, StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
        foreach (var stream in streams)
        {
            Assert.Contains("run-terminated", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            stream.Dispose();
        }

        // Both have ended: there is room again.
        await TestSupport.Eventually.HoldsAsync(
            async () => (await node.SendAsync("GET", "/api/v1/workflows/open/result?wait=1s")).Status == HttpStatusCode.OK, "a wait is let in");
    }

    [Fact]
    public async Task Changes_of_all_runs_are_streamed()
    {
        using var response = await Node.Http.GetAsync("/api/v1/events?definition=fails", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","id":"unseen","wait":"30s"}""");
        await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"fails","id":"seen","wait":"30s"}""");

        var line = await reader.ReadLineAsync();
        while (!line!.StartsWith("data: ", StringComparison.Ordinal))
        {
            Assert.False(line.StartsWith("id: ", StringComparison.Ordinal), "such a stream cannot be resumed");
            line = await reader.ReadLineAsync();
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(line[6..]);
        Assert.Equal("seen", document.RootElement.GetProperty("workflow").GetProperty("id").GetString());
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
