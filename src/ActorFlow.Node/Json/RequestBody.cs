using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ActorFlow.Node.Json;

/// <summary>Reads the body of a request.</summary>
internal static class RequestBody
{
    /// <summary>The largest body: 4 MiB.</summary>
    public const int Largest = 4 << 20;

    /// <summary>Reads it; null means that the request has none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mediaTypes">What it may be.</param>
    /// <exception cref="UnsupportedMediaTypeException">It is of another media type.</exception>
    /// <exception cref="InvalidRequestException"><c>payload-too-large</c>.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, params string[] mediaTypes)
    {
        var request = context.Request;
        // A page of another site may send a body only as text or a form, unless it is asked first: nothing but JSON is read.
        if (request.ContentType is { } type && !Fits(type, mediaTypes))
        {
            throw new UnsupportedMediaTypeException(mediaTypes);
        }

        if (request.ContentLength is 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return null;
        }

        if (request.ContentType is null)
        {
            throw new UnsupportedMediaTypeException(mediaTypes);
        }

        if (request.ContentLength > Largest)
        {
            throw TooLarge();
        }

        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4_096));
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            foreach (var part in read.Buffer)
            {
                if (body.WrittenCount + part.Length > Largest)
                {
                    throw TooLarge();
                }

                body.Write(part.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return body.WrittenCount == 0 ? null : body.WrittenMemory;
            }
        }
    }

    private static bool Fits(string type, string[] mediaTypes) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed)
        && mediaTypes.Any(known => parsed.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
        && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static WorkflowRefusedException TooLarge() =>
        WorkflowRefusedException.Of("payload-too-large", $"The body is larger than {Largest >> 20} MiB.");
}

/// <summary>The body of a request is of a media type that is not read.</summary>
/// <param name="mediaTypes">Those that are.</param>
internal sealed class UnsupportedMediaTypeException(string[] mediaTypes)
    : Exception($"The body must be {string.Join(" or ", mediaTypes)}, in UTF-8; say so in the header Content-Type.");
