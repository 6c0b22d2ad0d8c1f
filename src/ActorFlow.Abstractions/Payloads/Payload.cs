using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ActorFlow;

/// <summary>
/// A JSON value, kept as compact UTF-8 bytes: it is parsed only where an expression or a handler
/// reads it. Two payloads are equal when their bytes are.
/// </summary>
[JsonConverter(typeof(PayloadConverter))]
public sealed class Payload : IEquatable<Payload>
{
    internal const string Reflection = "The shape of the type is found by reflection. Pass a JsonTypeInfo where code is trimmed or compiled ahead of time.";

    /// <summary>The JSON value <c>null</c>.</summary>
    public static readonly Payload Null = new("null"u8.ToArray());

    /// <summary>The JSON value <c>{}</c>.</summary>
    public static readonly Payload EmptyObject = new("{}"u8.ToArray());

    private Payload(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>The value as UTF-8 JSON without white space between tokens.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The size in bytes.</summary>
    public int Length => Utf8.Length;

    /// <summary>Whether this is the JSON value <c>null</c>.</summary>
    public bool IsNull => Utf8.Span.SequenceEqual("null"u8);

    /// <summary>Wraps bytes already known to be one compact JSON value, without checking them.</summary>
    public static Payload FromTrustedUtf8(ReadOnlyMemory<byte> utf8) => new(utf8);

    /// <summary>Reads one JSON value and drops the white space between its tokens. Numbers keep their text.</summary>
    /// <exception cref="JsonTooDeepException">It nests deeper than 128 levels.</exception>
    /// <exception cref="JsonException">The bytes are not exactly one JSON value, or not valid text: not UTF-8, or with half of a surrogate pair.</exception>
    public static Payload Parse(ReadOnlySpan<byte> utf8)
    {
        if (UnicodeText.IndexOfInvalid(utf8) is >= 0 and var invalid)
        {
            throw new JsonException($"The byte 0x{utf8[invalid]:X2} at {invalid} is not UTF-8 text.");
        }

        if (JsonDepth.IsOver(utf8))
        {
            throw new JsonTooDeepException();
        }

        var reader = new Utf8JsonReader(utf8, JsonDepth.Reading);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read())
        {
            throw new JsonException("More than one JSON value.");
        }

        try
        {
            return FromElement(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(JsonCharacters.HalfPair, e);
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static Payload Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return UnicodeText.IndexOfHalfPair(json) < 0 ? Parse(Encoding.UTF8.GetBytes(json)) : throw new JsonException(JsonCharacters.HalfPair);
    }

    /// <summary>The payload of a parsed JSON element.</summary>
    public static Payload FromElement(JsonElement element) => Write(element.WriteTo);

    /// <summary>The payload that <paramref name="write"/> produces.</summary>
    /// <param name="write">Writes exactly one value. It must neither keep nor dispose of the writer.</param>
    public static Payload Write(Action<Utf8JsonWriter> write)
    {
        using var scratch = JsonScratch.Rent();
        write(scratch.Writer);
        scratch.Writer.Flush();
        return new(scratch.Buffer.WrittenSpan.ToArray());
    }

    /// <summary>The payload of a string value.</summary>
    /// <exception cref="JsonException">It holds half of a surrogate pair.</exception>
    public static Payload FromString(string value) => Write(writer => writer.WriteStringValue(value));

    /// <summary>The payload of a .NET object, by System.Text.Json's web conventions unless other options are given.</summary>
    /// <exception cref="JsonTooDeepException">It nests deeper than 128 levels, or holds itself.</exception>
    /// <exception cref="JsonException">A text in it holds half of a surrogate pair.</exception>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static Payload From<T>(T value, JsonSerializerOptions? options = null)
    {
        byte[] utf8;
        try
        {
            utf8 = JsonSerializer.SerializeToUtf8Bytes(value, JsonConventions.Of(options));
        }
        catch (JsonException) when (HasNoEnd(value, options))
        {
            throw new JsonTooDeepException();
        }

        return JsonDepth.IsOver(utf8) ? throw new JsonTooDeepException() : new(utf8);
    }

    /// <summary>The payload of a .NET object, as its type information says; works where code is trimmed or compiled ahead of time.</summary>
    /// <exception cref="JsonTooDeepException">It nests deeper than 128 levels, or holds itself.</exception>
    /// <exception cref="JsonException">A text in it holds half of a surrogate pair.</exception>
    public static Payload From<T>(T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        using var scratch = JsonScratch.Rent();
        try
        {
            JsonSerializer.Serialize(scratch.Writer, value, type);
        }
        catch (JsonException) when (scratch.Writer.CurrentDepth >= Math.Min(JsonDepth.Stored, DepthOf(type)))
        {
            throw new JsonTooDeepException();
        }

        scratch.Writer.Flush();
        var utf8 = scratch.Buffer.WrittenSpan.ToArray();
        return JsonDepth.IsOver(utf8) ? throw new JsonTooDeepException() : new(utf8);
    }

    // The options' zero means 64 levels.
    private static int DepthOf(JsonTypeInfo type) => type.Options.MaxDepth is 0 ? 64 : type.Options.MaxDepth;

    /// <summary>Whether the writer failed because the value nests too deep or holds itself.</summary>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    private static bool HasNoEnd<T>(T value, JsonSerializerOptions? options) =>
        HasNoEnd(writer => JsonSerializer.Serialize(writer, value, JsonConventions.Of(options)));

    private static bool HasNoEnd(Action<Utf8JsonWriter> write)
    {
        using var scratch = JsonScratch.Rent();
        try
        {
            write(scratch.Writer);
            return false;
        }
        catch (JsonException)
        {
            return scratch.Writer.CurrentDepth >= JsonDepth.Stored;
        }
    }

    /// <summary>The value as a .NET object, by System.Text.Json's web conventions unless other options are given.</summary>
    /// <exception cref="JsonException">The value does not fit <typeparamref name="T"/>.</exception>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public T? To<T>(JsonSerializerOptions? options = null)
    {
        var reader = new Utf8JsonReader(Utf8.Span, JsonDepth.Reading);
        return JsonSerializer.Deserialize<T>(ref reader, JsonConventions.Of(options));
    }

    /// <summary>The value as a .NET object, as its type information says; works where code is trimmed or compiled ahead of time.</summary>
    /// <exception cref="JsonException">The value does not fit <typeparamref name="T"/>.</exception>
    public T? To<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var reader = new Utf8JsonReader(Utf8.Span, JsonDepth.Reading);
        return JsonSerializer.Deserialize(ref reader, type);
    }

    /// <summary>The value, parsed. The caller disposes of the document.</summary>
    public JsonDocument ToDocument() => JsonDocument.Parse(Utf8, JsonDepth.Document);

    /// <inheritdoc/>
    public bool Equals(Payload? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Payload);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The JSON text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
