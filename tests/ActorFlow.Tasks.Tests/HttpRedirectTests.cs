using System.Text.Json;
using ActorFlow.Tasks.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Tasks.Tests;

public sealed class HttpRedirectTests : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddBuiltInTasks().BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task To_another_origin_nothing_confidential_goes_along_and_within_one_all_of_it()
    {
        await using var other = LoopbackServer.Answering("200 OK", "there");
        await using var server = new LoopbackServer(request => request switch
        {
            _ when request.StartsWith("GET /start", StringComparison.Ordinal) => Redirect("302 Found", "/moved"),
            _ => Redirect("302 Found", other.Url + "/x"),
        });

        var output = await Run(
            new
            {
                url = server.Url + "/start",
                headers = new Dictionary<string, string>
                {
                    ["Authorization"] = "Bearer one",
                    ["cookie"] = "two",
                    ["Proxy-Authorization"] = "three",
                    ["X-API-KEY"] = "four",
                    ["X-Made.With~Secret"] = "five",
                    ["X-Plain"] = "six",
                },
            },
            "/headers/X-Made.With~0Secret");

        Assert.Equal("there", output.GetProperty("body").GetString());
        foreach (var request in server.Requests)
        {
            Assert.All(new[] { "one", "two", "three", "four", "five", "six" }, word => Assert.Contains(word, request));
        }

        var away = Assert.Single(other.Requests);
        Assert.All(new[] { "one", "two", "three", "four", "five" }, word => Assert.DoesNotContain(word, away));
        Assert.Contains("X-Plain: six", away);
    }

    [Fact]
    public async Task Back_at_the_origin_what_was_left_behind_stays_behind()
    {
        LoopbackServer? home = null;
        await using var other = new LoopbackServer(_ => Redirect("307 Temporary Redirect", home!.Url + "/back"));
        await using var server = home = new LoopbackServer(request => request.StartsWith("GET /back", StringComparison.Ordinal)
            ? LoopbackServer.Response("200 OK", "")
            : Redirect("307 Temporary Redirect", other.Url));

        await Run(new { url = server.Url, headers = new { Authorization = "Bearer one" } });

        Assert.Contains("Bearer one", server.Requests[0]);
        Assert.DoesNotContain("Bearer one", server.Requests[1]);
    }

    [Theory]
    [InlineData("301 Moved Permanently", "POST", "GET")]
    [InlineData("302 Found", "POST", "GET")]
    [InlineData("302 Found", "PUT", "PUT")]
    [InlineData("303 See Other", "PUT", "GET")]
    [InlineData("303 See Other", "HEAD", "HEAD")]
    [InlineData("307 Temporary Redirect", "POST", "POST")]
    [InlineData("308 Permanent Redirect", "DELETE", "DELETE")]
    public async Task Method_and_body_are_kept_as_the_status_says(string status, string method, string then)
    {
        await using var server = new LoopbackServer(request => request.Contains(" /new ", StringComparison.Ordinal)
            ? LoopbackServer.Response("200 OK", "")
            : Redirect(status, "/new"));

        await Run(new { url = server.Url, method, body = "the body", headers = new Dictionary<string, string> { ["Content-Type"] = "text/x" } });

        Assert.StartsWith($"{then} /new HTTP/1.1", server.Requests[1]);
        Assert.Equal(then == method, server.Requests[1].Contains("the body", StringComparison.Ordinal));
        Assert.Equal(then == method, server.Requests[1].Contains("text/x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/body", 0)]
    [InlineData("/url", 1)]
    public async Task A_body_with_a_secret_is_not_sent_to_another_origin(string place, int asked)
    {
        await using var other = LoopbackServer.Answering("200 OK", "");
        await using var server = new LoopbackServer(_ => Redirect("308 Permanent Redirect", other.Url));

        var run = Run(new { url = server.Url, method = "POST", body = "s3cret" }, place);
        if (asked == 0)
        {
            var failure = await Assert.ThrowsAsync<TaskFailure>(() => run);
            Assert.Equal(("HttpFailed", false), (failure.Type, failure.Retryable));
            Assert.Contains("secret", failure.Message);
        }
        else
        {
            await run;
        }

        Assert.Equal(asked, other.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("javascript:alert(1)")]
    public async Task A_redirect_to_what_is_not_http_is_final(string location)
    {
        await using var server = new LoopbackServer(_ => Redirect("302 Found", location));

        var failure = await Assert.ThrowsAsync<TaskFailure>(() => Run(new { url = server.Url, success = new[] { "200-399" } }));

        Assert.Equal(("HttpFailed", false), (failure.Type, failure.Retryable));
        Assert.Contains(location, failure.Message);
    }

    [Fact]
    public void From_https_to_http_is_not_followed()
    {
        using var response = new HttpResponseMessage(System.Net.HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", "http://a.example/x");

        var failure = Assert.Throws<TaskFailure>(() =>
            new HttpHop(HttpMethod.Get, new("https://a.example/"), WithBody: true, Trusted: true).After(response));

        Assert.False(failure.Retryable);
    }

    [Theory]
    [InlineData("http://a.example/", "http://A.example:80/x", true)]
    [InlineData("http://a.example/", "//a.example/x", true)]
    [InlineData("http://a.example/", "http://a.example:8080/x", false)]
    [InlineData("http://a.example/", "https://a.example/x", false)]
    [InlineData("http://a.example/", "//b.example/x", false)]
    [InlineData("http://a.example/", "http://sub.a.example/", false)]
    public void An_origin_is_scheme_host_and_port(string from, string to, bool same)
    {
        using var response = new HttpResponseMessage(System.Net.HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", to);

        Assert.Equal(same, new HttpHop(HttpMethod.Get, new(from), WithBody: true, Trusted: true).After(response)!.Trusted);
    }

    [Fact]
    public async Task Fifty_redirects_are_followed_and_no_more()
    {
        await using var server = new LoopbackServer(_ => Redirect("302 Found", "/again"));

        var failure = await Assert.ThrowsAsync<TaskFailure>(() => Run(new { url = server.Url }));

        Assert.False(failure.Retryable);
        Assert.Equal(51, server.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_without_a_place_is_an_answer()
    {
        await using var server = LoopbackServer.Answering("302 Found", "hm");

        Assert.Equal(302, (await Run(new { url = server.Url, success = 302 })).GetProperty("status").GetInt32());
    }

    private static byte[] Redirect(string status, string location) => LoopbackServer.Response(status, "", $"Location: {location}\r\n");

    private async Task<JsonElement> Run(object input, params string[] secretPlaces)
    {
        var handler = new HttpHandler(_provider.GetRequiredService<IHttpClientFactory>());
        var context = new RecordingContext { SecretPlaces = [.. secretPlaces] };
        return (await handler.RunAsync(Payload.From(input), context, default)).ToDocument().RootElement;
    }
}
