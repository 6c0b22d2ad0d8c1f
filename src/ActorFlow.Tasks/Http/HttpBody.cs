using System.Net.Http.Headers;
using System.Text;

namespace ActorFlow.Tasks.Http;

/// <summary>Decodes the body of a response: by its byte order mark, else by its content type, else as UTF-8.</summary>
internal static class HttpBody
{
    private static readonly Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The longer mark comes first: that of UTF-32 begins like that of UTF-16.
    private static readonly Encoding[] Marked =
        [Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    public static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        if (!await BoundedReader.ReadAsync(stream, body, onRead: null, cancellationToken).ConfigureAwait(false))
        {
            throw new TaskFailure(ErrorTypes.PayloadTooLarge, "http got a body of more than 1 MiB.", retryable: false);
        }

        return Decode(body.GetBuffer().AsSpan(0, (int)body.Length), content.Headers.ContentType);
    }

    internal static string Decode(ReadOnlySpan<byte> body, MediaTypeHeaderValue? type)
    {
        foreach (var encoding in Marked)
        {
            if (body.StartsWith(encoding.Preamble))
            {
                return encoding.GetString(body[encoding.Preamble.Length..]);
            }
        }

        if (type?.CharSet?.Trim('"', '\'', ' ') is not { Length: > 0 } name)
        {
            return Encoding.UTF8.GetString(body);
        }

        return Find(name) is { } given ? given.GetString(body) : DecodeUnknown(body, name);
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string DecodeUnknown(ReadOnlySpan<byte> body, string name)
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            throw new TaskFailure("HttpFailed", $"http got a body in the charset '{name}', which it does not know, and it is not UTF-8.", retryable: false);
        }
    }
}
