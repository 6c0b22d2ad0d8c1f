using System.Buffers;
using System.Text.Json;

namespace ActorFlow;

/// <summary>A buffer and a writer to it, reused by one thread; a nested use gets another one.</summary>
internal sealed class JsonScratch : IDisposable
{
    private const int LargestKept = 64 * 1024;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JsonCharacters.Plain, MaxDepth = JsonDepth.Stored };

    [ThreadStatic]
    private static JsonScratch? _idle;

    private JsonScratch() => Writer = new(Buffer, Compact);

    public ArrayBufferWriter<byte> Buffer { get; } = new(256);

    /// <summary>Writes one value to <see cref="Buffer"/>, once flushed.</summary>
    public Utf8JsonWriter Writer { get; }

    public static JsonScratch Rent()
    {
        var scratch = _idle ?? new();
        _idle = null;
        return scratch;
    }

    public void Dispose()
    {
        if (Buffer.Capacity <= LargestKept)
        {
            Buffer.ResetWrittenCount();
            Writer.Reset();
            _idle = this;
        }
    }
}
