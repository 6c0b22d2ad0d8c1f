using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Tasks;

/// <summary><c>http</c>: one request. Redirects are followed, though never from https to http.</summary>
public sealed class HttpHandler(IHttpClientFactory clients) : ITaskHandler
{
    /// <summary>The name of the client that the handler asks <see cref="IHttpClientFactory"/> for.</summary>
    public const string ClientName = "ActorFlow.http";

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        var request = HttpTaskRequest.Read(input);
        using var message = request.ToMessage();
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var body = await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return Output(request, response, body);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new TaskFailure("HttpUnreachable", $"{request.Method} {request.Url} got no answer: {Innermost(error).Message}");
        }
    }

    private static async Task<string> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        if (!await BoundedReader.ReadAsync(stream, body, onRead: null, cancellationToken).ConfigureAwait(false))
        {
            throw new TaskFailure(ErrorTypes.PayloadTooLarge, "http got a body of more than 1 MiB.", retryable: false);
        }

        return EncodingOf(content.Headers.ContentType).GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    private static Encoding EncodingOf(MediaTypeHeaderValue? type)
    {
        try
        {
            return type?.CharSet is { } name ? Encoding.GetEncoding(name.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static Payload Output(HttpTaskRequest request, HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        if (!request.Succeeds(status))
        {
            throw new TaskFailure("HttpFailed", $"{request.Method} {request.Url} answered {status}{Excerpt.Head(body)}");
        }

        var json = request.WantsJson(response.Content.Headers.ContentType?.MediaType) ? ParseJson(request, status, body) : null;
        return Payload.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", status);
            writer.WriteStartObject("headers");
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            {
                writer.WriteString(name.ToLowerInvariant(), string.Join(", ", values));
            }

            writer.WriteEndObject();
            writer.WritePropertyName("body");
            if (json is null)
            {
                writer.WriteStringValue(body);
            }
            else
            {
                writer.WriteRawValue(json.Utf8.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        });
    }

    // An answer without a body (204, HEAD) is no broken JSON.
    private static Payload ParseJson(HttpTaskRequest request, int status, string body)
    {
        try
        {
            return string.IsNullOrWhiteSpace(body) ? Payload.Null : Payload.Parse(body);
        }
        catch (JsonException)
        {
            throw new TaskFailure("HttpFailed", $"{request.Method} {request.Url} answered {status} with a body that is not JSON{Excerpt.Head(body)}");
        }
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
