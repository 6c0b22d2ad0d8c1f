using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Expressions.Paths;

namespace ActorFlow.Core.Expressions;

/// <summary>Copies a JSON value, and puts secrets into its strings.</summary>
internal sealed class SecretFilling
{
    private readonly Dictionary<string, SecretSlot[]> _slots;
    private readonly Func<string, string> _resolve;
    private readonly ArrayBufferWriter<byte> _json = new(256);

    public SecretFilling(ImmutableArray<SecretSlot> slots, Func<string, string> resolve)
    {
        _slots = slots.GroupBy(slot => slot.Pointer).ToDictionary(group => group.Key, group => group.ToArray());
        _resolve = resolve;
    }

    public Payload Fill(Payload value)
    {
        var reader = new Utf8JsonReader(value.Utf8.Span, JsonDepth.Reading);
        var pointer = new JsonPointer();
        var copied = 0;
        while (_slots.Count > 0 && reader.Read())
        {
            pointer.Move(ref reader);
            if (reader.TokenType == JsonTokenType.String && _slots.Remove(pointer.ToString(), out var slots))
            {
                _json.Write(value.Utf8.Span[copied..(int)reader.TokenStartIndex]);
                _json.Write(Payload.FromString(Insert(JsonText.Read(ref reader), slots)).Utf8.Span);
                copied = (int)reader.BytesConsumed;
            }
        }

        if (_slots.Count > 0)
        {
            throw new ArgumentException($"There is no string at {_slots.Keys.First()} to put a secret into.");
        }

        _json.Write(value.Utf8.Span[copied..]);
        return Payload.FromTrustedUtf8(_json.WrittenSpan.ToArray());
    }

    private string Insert(string text, SecretSlot[] slots)
    {
        var filled = new StringBuilder();
        var copied = 0;
        foreach (var slot in slots)
        {
            if (slot.Offset < copied || slot.Offset > text.Length)
            {
                throw new ArgumentException($"There is no offset {slot.Offset} at {slot.Pointer} to put a secret into.");
            }

            filled.Append(text, copied, slot.Offset - copied).Append(_resolve(slot.Name));
            copied = slot.Offset;
        }

        return filled.Append(text, copied, text.Length - copied).ToString();
    }
}
