using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ActorFlow.Tasks.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Tasks.Tests;

public sealed class HttpAnswerTests : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddBuiltInTasks().BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task A_cookie_that_was_set_is_not_sent_by_the_next_request()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", "", "Set-Cookie: who=alice; Path=/\r\n"));

        await Run(new { url = server.Url });
        await Run(new { url = server.Url });

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.DoesNotContain("cookie", request, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task It_says_who_asks_unless_the_task_does()
    {
        await using var server = LoopbackServer.Answering("200 OK", "");

        await Run(new { url = server.Url });
        await Run("""{"url":"URL","headers":{"user-agent":"mine/1 (x)"}}""".Replace("URL", server.Url, StringComparison.Ordinal));

        Assert.Matches("User-Agent: ActorFlow/[0-9]+\\.[0-9]+\\.[0-9a-z.-]+\r\n", server.Requests[0]);
        Assert.Contains("mine/1 (x)\r\n", server.Requests[1]);
        Assert.DoesNotContain("ActorFlow", server.Requests[1]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_body_is_unpacked(string coding)
    {
        var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Compress),
            "br" => new BrotliStream(packed, CompressionMode.Compress),
            _ => new ZLibStream(packed, CompressionMode.Compress),
        })
        {
            stream.Write("""{"a":"ü"}"""u8);
        }

        await using var server = Answering(packed.ToArray(), $"Content-Type: application/json\r\nContent-Encoding: {coding}\r\n");

        Assert.Equal("ü", (await Run(new { url = server.Url })).GetProperty("body").GetProperty("a").GetString());
        Assert.Contains(coding, server.Requests.Single());
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_more_than_a_mebibyte_is_refused()
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(new byte[5 << 20]);
        }

        await using var server = Answering(packed.ToArray(), "Content-Encoding: gzip\r\n");

        Assert.Equal(ErrorTypes.PayloadTooLarge, (await Fails(new { url = server.Url })).Type);
    }

    [Fact]
    public async Task A_body_that_is_not_compressed_as_it_says_fails()
    {
        await using var server = Answering("plain, really"u8.ToArray(), "Content-Encoding: gzip\r\n");

        Assert.Equal("HttpFailed", (await Fails(new { url = server.Url })).Type);
    }

    [Theory]
    [InlineData("windows-1252", "text/plain; charset=windows-1252")]
    [InlineData("windows-1251", "text/plain; charset=\"Windows-1251\"")]
    [InlineData("iso-8859-1", "text/plain; charset=ISO-8859-1")]
    [InlineData("shift_jis", "text/plain; charset=Shift_JIS")]
    [InlineData("utf-16BE", "text/plain; charset=utf-16be")]
    [InlineData("utf-8", "text/plain; charset=utf8")]
    [InlineData("utf-8", "text/plain")]
    public async Task The_body_is_read_in_the_charset_of_its_type(string encoding, string type)
    {
        var text = encoding switch { "windows-1251" => "Привет", "shift_jis" => "日本", _ => "größe" };
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
        await using var server = Answering(bytes, $"Content-Type: {type}\r\n");

        Assert.Equal(text, (await Run(new { url = server.Url })).GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task A_byte_order_mark_says_what_follows_and_is_no_part_of_it(string encoding)
    {
        var source = Encoding.GetEncoding(encoding);
        await using var server = Answering(
            [.. source.Preamble, .. source.GetBytes("""{"a":"ü"}""")], "Content-Type: application/json; charset=iso-8859-1\r\n");

        Assert.Equal("ü", (await Run(new { url = server.Url })).GetProperty("body").GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_charset_nobody_knows_is_said()
    {
        await using var server = Answering([0xFF, 0xE9], "Content-Type: text/plain; charset=klingon\r\n");

        Assert.Contains("'klingon'", (await Fails(new { url = server.Url })).Message);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("99999999999999999999", int.MaxValue)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Retry_after_is_the_wait_that_was_asked_for(string? value, int? seconds)
    {
        await using var server = LoopbackServer.Answering("503 Busy", "", value is null ? "" : $"Retry-After: {value}\r\n");

        var failure = await Fails(new { url = server.Url });

        Assert.Equal(seconds is { } given ? TimeSpan.FromSeconds(given) : null, failure.RetryAfter);
        Assert.True(failure.Retryable);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(-90, 0)]
    public async Task Retry_after_may_be_a_date(int ahead, int seconds)
    {
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var date = now.AddSeconds(ahead).ToString("r", CultureInfo.InvariantCulture);
        await using var server = LoopbackServer.Answering("429 Too Many", "", $"Retry-After: {date}\r\n");

        Assert.Equal(TimeSpan.FromSeconds(seconds), (await Fails(new { url = server.Url }, new StoppedClock(now))).RetryAfter);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_unreachable()
    {
        await using var server = new LoopbackServer(_ => null);

        var failure = await Fails(Payload.Parse($$"""{"url":"{{server.Url}}","answer-timeout":"100ms"}"""));

        Assert.Equal(("HttpUnreachable", true), (failure.Type, failure.Retryable));
        Assert.Contains("100ms", failure.Message);
    }

    [Fact]
    public void Timeouts_are_10_and_100_seconds_unless_the_task_says()
    {
        var plain = HttpTaskRequest.Read(Payload.Parse("""{"url":"http://x"}"""), _ => false);
        var said = HttpTaskRequest.Read(Payload.Parse("""{"url":"http://x","connect-timeout":"3s","answer-timeout":"5m"}"""), _ => false);

        Assert.Equal((10, 100), (plain.ConnectTimeout.TotalSeconds, plain.AnswerTimeout.TotalSeconds));
        Assert.Equal((3, 300), (said.ConnectTimeout.TotalSeconds, said.AnswerTimeout.TotalSeconds));
    }

    [Theory]
    [InlineData("connect-timeout", "soon")]
    [InlineData("answer-timeout", "0s")]
    public async Task A_timeout_that_is_none_names_its_key(string key, string value) =>
        Assert.Contains(key, (await Fails(new Dictionary<string, string> { ["url"] = "http://x", [key] = value })).Message);

    private static LoopbackServer Answering(byte[] body, string headers) => new(_ =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"), .. body]);

    private Task<TaskFailure> Fails(object input, TimeProvider? time = null) => Assert.ThrowsAsync<TaskFailure>(() => Run(input, time));

    private async Task<JsonElement> Run(object input, TimeProvider? time = null)
    {
        var handler = new HttpHandler(_provider.GetRequiredService<IHttpClientFactory>(), time);
        var payload = input as Payload ?? (input is string json ? Payload.Parse(json) : Payload.From(input));
        return (await handler.RunAsync(payload, new RecordingContext(), default)).ToDocument().RootElement;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
