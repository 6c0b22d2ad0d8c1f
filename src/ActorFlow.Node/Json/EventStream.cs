using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>Writes server-sent events. A comment every 15 s tells proxies that the stream lives (failure rule 78).</summary>
/// <param name="context">The request.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(HttpContext context, TimeProvider time)
{
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>How long a reader may take for one write until the stream is given up; it can be resumed (failure rule 75).</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(60);

    /// <summary>Begins the stream: the headers are sent at once.</summary>
    public async Task BeginAsync()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(": open\n\n"u8.ToArray()).ConfigureAwait(false);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="value">Its data.</param>
    /// <param name="type">How the data is written.</param>
    /// <param name="id">Its id; null means that it has none.</param>
    /// <param name="name">Its name; null means <c>message</c>.</param>
    public Task SendAsync<T>(T value, JsonTypeInfo<T> type, string? id = null, string? name = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new StreamWriter(buffer, leaveOpen: true) { NewLine = "\n" })
        {
            if (id is not null)
            {
                writer.WriteLine($"id: {id}");
            }

            if (name is not null)
            {
                writer.WriteLine($"event: {name}");
            }

            writer.Write("data: ");
        }

        // JSON has no line breaks of its own.
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(value, type));
        buffer.Write("\n\n"u8);
        return WriteAsync(buffer.ToArray());
    }

    /// <summary>Sends each item as it comes, until there is none or the reader leaves. What is refused at once is refused before the stream begins.</summary>
    /// <param name="items">The items.</param>
    /// <param name="send">Sends one.</param>
    public async Task CopyAsync<T>(IAsyncEnumerator<T> items, Func<T, Task> send)
    {
        var next = items.MoveNextAsync().AsTask();
        if (next.IsFaulted)
        {
            await next.ConfigureAwait(false);
        }

        if (!context.Response.HasStarted)
        {
            await BeginAsync().ConfigureAwait(false);
        }

        while (true)
        {
            while (!next.IsCompleted)
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
                var comment = Task.Delay(CommentEvery, time, over.Token);
                await Task.WhenAny(next, comment).ConfigureAwait(false);
                await over.CancelAsync().ConfigureAwait(false);
                if (!next.IsCompleted && !context.RequestAborted.IsCancellationRequested)
                {
                    await WriteAsync(":\n\n"u8.ToArray()).ConfigureAwait(false);
                }
                else if (!next.IsCompleted)
                {
                    break;
                }
            }

            try
            {
                if (!await next.ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (AccessDeniedException ended)
            {
                // Whoever reads comes back and is told at once, which ends an EventSource.
                await SendAsync(Problems.Of(ended), ApiJson.Default.ProblemAnswer, name: ended.Code).ConfigureAwait(false);
                return;
            }
            catch (UnavailableException)
            {
                // The node is leaving: whoever reads comes back, here or elsewhere, with the id of the last event.
                return;
            }

            await send(items.Current).ConfigureAwait(false);
            next = items.MoveNextAsync().AsTask();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(LongestWrite, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        await context.Response.Body.WriteAsync(bytes, over.Token).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(over.Token).ConfigureAwait(false);
    }
}
