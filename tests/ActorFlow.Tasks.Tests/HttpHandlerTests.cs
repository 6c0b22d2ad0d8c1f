using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Tasks.Tests;

public sealed class HttpHandlerTests : IDisposable
{
    private const string Json = "Content-Type: application/json\r\n";

    private readonly ServiceProvider _provider = new ServiceCollection().AddBuiltInTasks().BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task It_gives_status_headers_and_the_body_as_json()
    {
        await using var server = LoopbackServer.Answering("200 OK", """{ "a": 1.50 }""", Json + "X-One: 1\r\n");

        var output = (await Run(new { url = server.Url })).RootElement;

        Assert.Equal(200, output.GetProperty("status").GetInt32());
        Assert.Equal("1", output.GetProperty("headers").GetProperty("x-one").GetString());
        Assert.Equal("application/json", output.GetProperty("headers").GetProperty("content-type").GetString());
        Assert.Equal("""{"a":1.50}""", output.GetProperty("body").GetRawText());
        Assert.StartsWith("GET / HTTP/1.1\r\n", server.Requests.Single());
    }

    [Theory]
    [InlineData("text/plain", null, "\"[1]\"")]
    [InlineData("application/problem+json", null, "[1]")]
    [InlineData("text/plain", "json", "[1]")]
    [InlineData("application/json", "text", "\"[1]\"")]
    public async Task The_body_is_read_as_parse_says_and_else_as_the_answer_says(string type, string? parse, string expected)
    {
        await using var server = LoopbackServer.Answering("200 OK", "[1]", $"Content-Type: {type}\r\n");

        var output = await Run(new { url = server.Url, parse });

        Assert.Equal(expected, output.RootElement.GetProperty("body").GetRawText());
    }

    [Fact]
    public async Task An_answer_without_a_body_is_null_as_json()
    {
        await using var server = LoopbackServer.Answering("204 No Content", "", Json);

        var output = await Run(new { url = server.Url });

        Assert.Equal(JsonValueKind.Null, output.RootElement.GetProperty("body").ValueKind);
    }

    [Fact]
    public async Task Method_headers_and_a_json_body_are_sent()
    {
        await using var server = LoopbackServer.Answering("201 Created", "");

        await Run(new { method = "post", url = server.Url + "/x?y=1", headers = new { Authorization = "Bearer t", N = 5 }, body = new { a = "ü" } });

        var request = server.Requests.Single();
        Assert.StartsWith("POST /x?y=1 HTTP/1.1\r\n", request);
        Assert.Contains("authorization: Bearer t\r\n", request, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("n: 5\r\n", request, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Type: application/json; charset=utf-8\r\n", request);
        Assert.EndsWith("\r\n\r\n{\"a\":\"ü\"}", request);
    }

    [Fact]
    public async Task A_text_body_is_sent_as_it_is_and_its_type_can_be_given()
    {
        await using var server = LoopbackServer.Answering("200 OK", "");

        await Run("""{"method":"PUT","url":"URL","body":"a=1","headers":{"Content-Type":"application/x-www-form-urlencoded"}}""".Replace("URL", server.Url, StringComparison.Ordinal));

        Assert.Contains("Content-Type: application/x-www-form-urlencoded\r\n", server.Requests.Single());
        Assert.EndsWith("\r\n\r\na=1", server.Requests.Single());
    }

    [Fact]
    public async Task A_status_out_of_range_fails_with_the_body_whole_for_the_worker_to_mask_and_cut()
    {
        await using var server = LoopbackServer.Answering("404 Not Found", "no such thing" + new string('!', 5000));

        var failure = await Fails(new { url = server.Url });

        Assert.Equal("HttpFailed", failure.Type);
        Assert.True(failure.Retryable);
        Assert.StartsWith($"GET {server.Url}/ answered 404: no such thing", failure.Message);
        Assert.EndsWith("!", failure.Message);
        Assert.InRange(failure.Message.Length, 5000, 5200);
        Assert.InRange(failure.MessageLimit, 500, 1500);
    }

    [Theory]
    [InlineData("[404]", 404)]
    [InlineData("""["200-299", "404"]""", 404)]
    [InlineData("""["400-499"]""", 404)]
    [InlineData("\"404\"", 404)]
    public async Task Success_says_which_statuses_are_fine(string success, int status)
    {
        await using var server = LoopbackServer.Answering("404 Not Found", "");

        var output = await Run($$"""{"url":"{{server.Url}}","success":{{success}}}""");

        Assert.Equal(status, output.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Success_that_leaves_out_200_refuses_200()
    {
        await using var server = LoopbackServer.Answering("200 OK", "");

        Assert.Equal("HttpFailed", (await Fails(new { url = server.Url, success = new[] { 404 } })).Type);
    }

    /// <summary>The worker makes PayloadTooDeep of it, which is final.</summary>
    [Fact]
    public async Task A_body_that_nests_too_deep_is_told_from_one_that_is_not_json()
    {
        await using var server = LoopbackServer.Answering("200 OK", new string('[', 129) + new string(']', 129), Json);

        await Assert.ThrowsAsync<JsonTooDeepException>(() => Run(new { url = server.Url }));
    }

    [Fact]
    public async Task A_body_that_should_be_json_and_is_not_fails()
    {
        await using var server = LoopbackServer.Answering("200 OK", "<html>", Json);

        var failure = await Fails(new { url = server.Url });

        Assert.Equal("HttpFailed", failure.Type);
        Assert.Contains("not JSON: <html>", failure.Message);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await Fails(new { url = $"http://127.0.0.1:{port}/" });

        Assert.Equal("HttpUnreachable", failure.Type);
        Assert.True(failure.Retryable);
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_answer_cut_short_is_unreachable()
    {
        await using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray());

        Assert.Equal("HttpUnreachable", (await Fails(new { url = server.Url })).Type);
    }

    [Fact]
    public async Task A_body_over_a_mebibyte_is_an_error()
    {
        await using var server = LoopbackServer.Answering("200 OK", new string('x', (1 << 20) + 1));

        var failure = await Fails(new { url = server.Url });

        Assert.Equal(ErrorTypes.PayloadTooLarge, failure.Type);
        Assert.Contains("1 MiB", failure.Message);
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using var server = new LoopbackServer(request => request.StartsWith("GET /old", StringComparison.Ordinal)
            ? LoopbackServer.Response("302 Found", "", "Location: /new\r\n")
            : LoopbackServer.Response("200 OK", "here"));

        var output = await Run(new { url = server.Url + "/old" });

        Assert.Equal("here", output.RootElement.GetProperty("body").GetString());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_ends_a_request_that_gets_no_answer()
    {
        var asked = new TaskCompletionSource();
        await using var server = new LoopbackServer(_ =>
        {
            asked.SetResult();
            return null;
        });
        using var cancel = new CancellationTokenSource();
        var run = Run(new { url = server.Url }, cancel.Token);
        await asked.Task;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("""{"url":"http://x","verb":1}""", "verb")]
    [InlineData("""{"method":"GET"}""", "url")]
    [InlineData("""{"url":"ftp://x/y"}""", "url")]
    [InlineData("""{"url":"/relative"}""", "url")]
    [InlineData("""{"url":"http://x","method":"G T"}""", "method")]
    [InlineData("""{"url":"http://x","success":["20x"]}""", "success")]
    [InlineData("""{"url":"http://x","success":["299-200"]}""", "success")]
    [InlineData("""{"url":"http://x","headers":{"A":"b\r\nC: d"}}""", "'A'")]
    [InlineData("""{"url":"http://x","headers":{"bad name":"b"}}""", "bad name")]
    [InlineData("""{"url":"http://x","parse":"lines"}""", "parse")]
    [InlineData("\"http://x\"", "object")]
    public async Task A_wrong_input_names_its_key_and_is_not_tried_again(string json, string key)
    {
        var failure = await Assert.ThrowsAsync<TaskFailure>(() => Run(json));

        Assert.Equal("InvalidInput", failure.Type);
        Assert.False(failure.Retryable);
        Assert.Contains(key, failure.Message);
    }

    [Fact]
    public async Task A_request_belongs_to_the_trace_of_its_attempt()
    {
        await using var server = LoopbackServer.Answering("200 OK", "");
        await Run(new { url = server.Url });
        using var attempt = new Activity("attempt") { TraceStateString = "congo=t61rcWkgMzE" }.Start();

        await Run(new { url = server.Url });

        Assert.DoesNotContain("traceparent", server.Requests[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"\r\ntraceparent: 00-{attempt.TraceId}-", server.Requests[1], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\ntracestate: congo=t61rcWkgMzE\r\n", server.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    private Task<JsonDocument> Run(object input, CancellationToken cancellationToken = default) =>
        Run(Payload.From(input).ToString(), cancellationToken);

    private async Task<JsonDocument> Run(string json, CancellationToken cancellationToken = default)
    {
        var handler = new HttpHandler(_provider.GetRequiredService<IHttpClientFactory>());
        return (await handler.RunAsync(Payload.Parse(json), new RecordingContext(), cancellationToken)).ToDocument();
    }

    private Task<TaskFailure> Fails(object input) => Assert.ThrowsAsync<TaskFailure>(() => Run(input));
}
