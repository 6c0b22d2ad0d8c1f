using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Tasks.Http;

/// <summary>The request of an <c>http</c> task: its <c>with</c>.</summary>
internal sealed record HttpTaskRequest(
    HttpMethod Method,
    Uri Url,
    List<HttpHeader> Headers,
    string? Body,
    bool BodyIsJson,
    (int From, int To)[] Success,
    string? Parse,
    TimeSpan ConnectTimeout,
    TimeSpan AnswerTimeout)
{
    /// <summary>The default of <c>connect-timeout</c>, the time to connect: 10 seconds.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The default of <c>answer-timeout</c>, the time for everything together: 100 seconds.</summary>
    public static readonly TimeSpan DefaultAnswerTimeout = TimeSpan.FromSeconds(100);

    // The longest time that a timer takes.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>Whether a secret was put into the body.</summary>
    public bool BodyHoldsSecret { get; private init; }

    /// <summary>Reads the <c>with</c> of a task.</summary>
    /// <param name="payload">The input.</param>
    /// <param name="holdsSecret">Tells whether a secret was put into a place, which is given as a JSON Pointer.</param>
    public static HttpTaskRequest Read(Payload payload, Func<string, bool> holdsSecret)
    {
        using var document = payload.ToDocument();
        var input = new HandlerInput("http", document.RootElement, "method", "url", "headers", "body", "success", "parse",
            "connect-timeout", "answer-timeout");
        var url = input.RequiredText("url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw input.Invalid($"needs an absolute http or https address under 'url', not '{url}'");
        }

        var request = new HttpTaskRequest(
            ReadMethod(input),
            uri,
            ReadHeaders(input, holdsSecret),
            input.TextOrJson("body"),
            input.Find("body") is { ValueKind: not JsonValueKind.String },
            ReadSuccess(input),
            input.Find("parse") is null ? null : input.Word("parse", "json", "text"),
            ReadTimeout(input, "connect-timeout", DefaultConnectTimeout),
            ReadTimeout(input, "answer-timeout", DefaultAnswerTimeout))
        {
            BodyHoldsSecret = holdsSecret("/body"),
        };
        using var trial = request.ToMessage(input);
        return request;
    }

    /// <summary>Whether a status counts as success.</summary>
    public bool Succeeds(int status) => Array.Exists(Success, range => status >= range.From && status <= range.To);

    /// <summary>Whether the body is to be read as JSON: by <c>parse</c>, else by the media type of the response.</summary>
    public bool WantsJson(string? mediaType) => Parse switch
    {
        "json" => true,
        "text" => false,
        _ => mediaType is not null && (mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>Makes the message to send.</summary>
    public HttpRequestMessage ToMessage(HttpHop hop) => Build(hop, out _);

    private HttpRequestMessage ToMessage(HandlerInput input)
    {
        var message = Build(new(Method, Url, WithBody: true, Trusted: true), out var refused);
        return refused is null ? message : throw input.Invalid($"cannot send the header '{refused}' as given");
    }

    private HttpRequestMessage Build(HttpHop hop, out string? refused)
    {
        refused = null;
        var message = new HttpRequestMessage(hop.Method, hop.Url);
        message.Options.Set(HttpConnections.ConnectTimeout, ConnectTimeout);
        if (Body is not null && hop.WithBody)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            message.Content.Headers.ContentType =
                new MediaTypeHeaderValue(BodyIsJson ? "application/json" : "text/plain", "utf-8");
        }

        foreach (var header in Headers)
        {
            if ((hop.Trusted || !header.IsConfidential) && (hop.WithBody || !header.IsOfBody) && !Add(message, header))
            {
                refused ??= header.Name;
            }
        }

        if (!message.Headers.NonValidated.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", ProductVersion.UserAgent);
        }

        return message;
    }

    private static bool Add(HttpRequestMessage message, HttpHeader header)
    {
        var (name, value, _) = header;
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            return false;
        }

        if (!header.IsOfBody)
        {
            return message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Content ??= new ByteArrayContent([]);
        message.Content.Headers.Remove(name);
        return message.Content.Headers.TryAddWithoutValidation(name, value);
    }

    private static List<HttpHeader> ReadHeaders(HandlerInput input, Func<string, bool> holdsSecret) =>
        input.TextsByName("headers").ConvertAll(pair => new HttpHeader(
            pair.Key, pair.Value, HttpConfidential.Is(pair.Key) || holdsSecret($"/headers/{pair.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}")));

    private static TimeSpan ReadTimeout(HandlerInput input, string key, TimeSpan otherwise)
    {
        if (input.Text(key) is not { } text)
        {
            return otherwise;
        }

        return Duration.TryParse(text, out var duration) && duration > TimeSpan.Zero
            ? duration < LongestTimeout ? duration : LongestTimeout
            : throw input.Invalid($"needs a duration such as 30s or 5m under '{key}', not '{text}'");
    }

    private static HttpMethod ReadMethod(HandlerInput input)
    {
        var method = input.Text("method") ?? "GET";
        return method.Length > 0 && method.All(char.IsAsciiLetter)
            ? HttpMethod.Parse(method.ToUpperInvariant())
            : throw input.Invalid($"needs a method such as GET or POST under 'method', not '{method}'");
    }

    private static (int From, int To)[] ReadSuccess(HandlerInput input)
    {
        var texts = input.Find("success") is null ? ["200-299"] : input.Texts("success");
        var ranges = new (int From, int To)[texts.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = Range(texts[i]);
            if (ranges[i].From < 100 || ranges[i].To > 599 || ranges[i].From > ranges[i].To)
            {
                throw input.Invalid($"needs statuses or ranges such as 200-299 under 'success', not '{texts[i]}'");
            }
        }

        return ranges;
    }

    private static (int From, int To) Range(string text)
    {
        var dash = text.IndexOf('-');
        return dash < 0 ? (Status(text), Status(text)) : (Status(text.AsSpan(0, dash)), Status(text.AsSpan(dash + 1)));
    }

    private static int Status(ReadOnlySpan<char> text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
}
