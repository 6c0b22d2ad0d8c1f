using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ActorFlow.Core.Definitions;
using ActorFlow.Tasks.Http;

namespace ActorFlow.Tasks;

/// <summary>
/// <c>http</c>: sends one request, without state from earlier ones. It follows redirects, but not from https to http, and
/// sends confidential values only to the task's own origin.
/// </summary>
/// <param name="clients">The factory of the client named <see cref="ClientName"/>.</param>
/// <param name="time">The clock by which a date in <c>Retry-After</c> is read; null means the system's.</param>
internal sealed class HttpHandler(IHttpClientFactory clients, TimeProvider? time = null) : ITaskHandler
{
    /// <summary>The name of the client that the handler asks <see cref="IHttpClientFactory"/> for.</summary>
    public const string ClientName = "ActorFlow.http";

    /// <inheritdoc/>
    public async Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        var request = HttpTaskRequest.Read(input, context.HoldsSecret);
        using var client = clients.CreateClient(ClientName);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(request.AnswerTimeout);
        try
        {
            using var response = await new HttpExchange(client, request).SendAsync(timer.Token).ConfigureAwait(false);
            var body = await HttpBody.ReadAsync(response.Content, timer.Token).ConfigureAwait(false);
            return Output(request, response, body);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(request, $"it took longer than {Duration.ToText(request.AnswerTimeout)}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(request, Innermost(error).Message);
        }
        catch (InvalidDataException error)
        {
            throw Failure($"{request.Method} {request.Url} answered with a body that is not compressed as it says{QuotedText.Of(error.Message)}");
        }
    }

    private Payload Output(HttpTaskRequest request, HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        if (!request.Succeeds(status))
        {
            throw Failure($"{request.Method} {request.Url} answered {status}{QuotedText.Of(body)}", RetryAfter(response.Headers));
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

    // Seconds or a date. More seconds than a number holds count as the longest wait, which the run bounds.
    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        var text = values.ToString().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            var known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
            return TimeSpan.FromSeconds(known ? seconds : int.MaxValue);
        }

        var wait = headers.RetryAfter?.Date - (time ?? TimeProvider.System).GetUtcNow();
        return wait > TimeSpan.Zero ? wait : wait is null ? null : TimeSpan.Zero;
    }

    // A response without a body (204, HEAD) is not invalid JSON.
    private static Payload ParseJson(HttpTaskRequest request, int status, string body)
    {
        try
        {
            return string.IsNullOrWhiteSpace(body) ? Payload.Null : Payload.Parse(body);
        }
        catch (JsonException error) when (error is not JsonTooDeepException)
        {
            throw Failure($"{request.Method} {request.Url} answered {status} with a body that is not JSON{QuotedText.Of(body)}");
        }
    }

    private static TaskFailure Failure(string message, TimeSpan? retryAfter = null) =>
        new("HttpFailed", message) { MessageLimit = QuotedText.MessageLimit, RetryAfter = retryAfter };

    private static TaskFailure Unreachable(HttpTaskRequest request, string why) =>
        new("HttpUnreachable", $"{request.Method} {request.Url} got no answer: {why}") { MessageLimit = QuotedText.MessageLimit };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
