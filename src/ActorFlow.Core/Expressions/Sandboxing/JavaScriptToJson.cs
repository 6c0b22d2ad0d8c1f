using System.Buffers;
using System.Text;
using System.Text.Json;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// Converts JavaScript values to JSON, as <c>JSON.stringify</c> does, but without running JavaScript (no getter, no <c>toJSON</c>),
/// within bounds, and without losing a number silently.
/// </summary>
internal sealed class JavaScriptToJson
{
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JsonCharacters.Plain,
        SkipValidation = true,
        MaxDepth = ExpressionLimits.ResultDepth + 1,
    };

    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _writer;
    private readonly Ancestors _ancestors = new();

    private readonly bool _nullForNaN;

    private JavaScriptToJson(JsonWriterOptions options, bool nullForNaN)
    {
        _writer = new(_buffer, options);
        _nullForNaN = nullForNaN;
    }

    /// <summary>The value as JSON; null for <c>undefined</c>, functions and symbols.</summary>
    /// <exception cref="ValueException">The value has no JSON form, or exceeds a limit.</exception>
    public static Payload? Convert(JsValue value)
    {
        if (IsNothing(value))
        {
            return null;
        }

        var conversion = new JavaScriptToJson(Compact, nullForNaN: false);
        conversion.Write(value);
        conversion._writer.Flush();
        return Payload.FromTrustedUtf8(conversion._buffer.WrittenMemory.ToArray());
    }

    /// <summary>The same as text, as <c>JSON.stringify</c> gives it to an expression: NaN becomes <c>null</c>.</summary>
    /// <exception cref="ValueException">The value has no JSON form, or exceeds a limit.</exception>
    public static string? Stringify(JsValue value, int indent)
    {
        if (IsNothing(value))
        {
            return null;
        }

        var options = indent == 0 ? Compact : Compact with { Indented = true, IndentSize = indent, NewLine = "\n" };
        var conversion = new JavaScriptToJson(options, nullForNaN: true);
        conversion.Write(value);
        conversion._writer.Flush();
        return Encoding.UTF8.GetString(conversion._buffer.WrittenSpan);
    }

    private static bool IsNothing(JsValue value) => value.IsUndefined() || value.IsSymbol() || value is Function;

    private void Write(JsValue value)
    {
        switch (value.Type)
        {
            case Types.Null:
                _writer.WriteNullValue();
                break;
            case Types.Boolean:
                _writer.WriteBooleanValue(value.AsBoolean());
                break;
            case Types.Number:
                WriteNumber(value.AsNumber());
                break;
            case Types.String:
                WriteString(value.AsString());
                break;
            case Types.BigInt:
                throw new ValueException("the value is a BigInt, which is not JSON");
            case Types.Object:
                WriteObject(value.AsObject());
                break;
            default:
                // JSON has only null for an element that is undefined, a function or a symbol.
                _writer.WriteNullValue();
                break;
        }

        CheckLength();
    }

    private void WriteNumber(double number)
    {
        if (!double.IsFinite(number) && _nullForNaN)
        {
            _writer.WriteNullValue();
            return;
        }

        if (!double.IsFinite(number))
        {
            throw new ValueException($"the value is {(double.IsNaN(number) ? "NaN" : "Infinity")}, which is not JSON");
        }

        if (JavaScriptNumber.MayBeRounded(number))
        {
            throw new ValueException($"the value is {JavaScriptNumber.Text(number)} or near it: JavaScript rounds whole numbers beyond {JavaScriptNumber.MaxWhole}");
        }

        if (_writer.Options.Indented)
        {
            // A raw value would not be indented.
            _writer.WriteNumberValue(number == 0 ? 0 : number);
            return;
        }

        _writer.WriteRawValue(JavaScriptNumber.Text(number), skipInputValidation: true);
    }

    private void WriteExact(ExactNumber number)
    {
        if (_writer.Options.Indented)
        {
            // A raw value would not be indented.
            throw number.Refusal();
        }

        _writer.WriteRawValue(number.Text, skipInputValidation: true);
    }

    private void WriteString(string text)
    {
        if (_writer.BytesCommitted + _writer.BytesPending + text.Length > ExpressionLimits.ResultLength)
        {
            throw TooLong();
        }

        _writer.WriteStringValue(WholeCharacters(text));
    }

    private void WriteObject(ObjectInstance value)
    {
        if (value is Function)
        {
            _writer.WriteNullValue();
            return;
        }

        if (value is ExactNumber number)
        {
            WriteExact(number);
            return;
        }

        if (value is IJsPrimitive primitive)
        {
            Write(primitive.PrimitiveValue);
            return;
        }

        _ancestors.Enter(value);
        if (value is JsArray array)
        {
            WriteElements(array);
        }
        else
        {
            WriteProperties(value);
        }

        _ancestors.Leave();
    }

    private void WriteElements(JsArray array)
    {
        _writer.WriteStartArray();
        for (uint i = 0; i < array.Length; i++)
        {
            // An array has no getters here: the functions that define them are removed.
            Write(array.TryGetValue(i, out var item) ? item : JsValue.Undefined);
        }

        _writer.WriteEndArray();
    }

    private void WriteProperties(ObjectInstance value)
    {
        _writer.WriteStartObject();
        foreach (var key in value.GetOwnPropertyKeys(Types.String))
        {
            if (value.GetOwnProperty(key).Enumerable && Data(value, key) is var member && !IsNothing(member))
            {
                _writer.WritePropertyName(WholeCharacters(key.AsString()));
                Write(member);
            }
        }

        _writer.WriteEndObject();
    }

    private static JsValue Data(ObjectInstance value, JsValue key)
    {
        var property = value.GetOwnProperty(key);
        return property.Get is null or JsUndefined
            ? property.Value ?? JsValue.Undefined
            : throw new ValueException($"the property '{key}' is a getter, which is not JSON");
    }

    private void CheckLength()
    {
        if (_writer.BytesCommitted + _writer.BytesPending > ExpressionLimits.ResultLength)
        {
            throw TooLong();
        }
    }

    private static string WholeCharacters(string text) => UnicodeText.IndexOfHalfPair(text) < 0
        ? text
        : throw new ValueException("the value holds half of a surrogate pair, which is no character");

    private static ValueException TooLong() => new($"the value is longer than {ExpressionLimits.ResultLength} bytes");
}

