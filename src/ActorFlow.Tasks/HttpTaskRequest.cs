using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Tasks;

/// <summary>What to ask for: the <c>with</c> of an <c>http</c> task.</summary>
internal sealed record HttpTaskRequest(
    HttpMethod Method,
    Uri Url,
    List<KeyValuePair<string, string>> Headers,
    string? Body,
    bool BodyIsJson,
    (int From, int To)[] Success,
    string? Parse)
{
    public static HttpTaskRequest Read(Payload payload)
    {
        using var document = payload.ToDocument();
        var input = new HandlerInput("http", document.RootElement, "method", "url", "headers", "body", "success", "parse");
        var url = input.RequiredText("url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw input.Invalid($"needs an absolute http or https address under 'url', not '{url}'");
        }

        var request = new HttpTaskRequest(
            ReadMethod(input),
            uri,
            input.TextsByName("headers"),
            input.TextOrJson("body"),
            input.Find("body") is { ValueKind: not JsonValueKind.String },
            ReadSuccess(input),
            input.Find("parse") is null ? null : input.Word("parse", "json", "text"));
        using var trial = request.ToMessage(input);
        return request;
    }

    /// <summary>Whether a status is an answer the task is content with.</summary>
    public bool Succeeds(int status) => Array.Exists(Success, range => status >= range.From && status <= range.To);

    /// <summary>Whether the body is to be read as JSON: as <c>parse</c> says, else as the answer itself says.</summary>
    public bool WantsJson(string? mediaType) => Parse switch
    {
        "json" => true,
        "text" => false,
        _ => mediaType is not null && (mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>The message to send.</summary>
    public HttpRequestMessage ToMessage() => Build(out _);

    private HttpRequestMessage ToMessage(HandlerInput input)
    {
        var message = Build(out var refused);
        return refused is null ? message : throw input.Invalid($"cannot send the header '{refused}' as given");
    }

    private HttpRequestMessage Build(out string? refused)
    {
        refused = null;
        var message = new HttpRequestMessage(Method, Url);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            message.Content.Headers.ContentType =
                new MediaTypeHeaderValue(BodyIsJson ? "application/json" : "text/plain", "utf-8");
        }

        foreach (var (name, value) in Headers)
        {
            if (!Add(message, name, value))
            {
                refused ??= name;
            }
        }

        return message;
    }

    private static bool Add(HttpRequestMessage message, string name, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            return false;
        }

        if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            return message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Content ??= new ByteArrayContent([]);
        message.Content.Headers.Remove(name);
        return message.Content.Headers.TryAddWithoutValidation(name, value);
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
