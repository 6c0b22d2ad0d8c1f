using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorFlow;

/// <summary>
/// Writes JSON with characters as they are, emoji included, except those that JSON or a terminal would interpret.
/// Half of a surrogate pair is refused, not replaced.
/// </summary>
internal sealed unsafe class JsonCharacters : JavaScriptEncoder
{
    public const string HalfPair = "A string holds half of a surrogate pair, which is no character.";

    public static readonly JsonCharacters Plain = new();

    // It is right for the first 65,536 characters, but escapes all others.
    private static readonly JavaScriptEncoder Basic = UnsafeRelaxedJsonEscaping;

    private JsonCharacters()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => Basic.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar <= char.MaxValue && Basic.WillEncode(unicodeScalar);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        Basic.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var at = 0; at < textLength;)
        {
            var found = Basic.FindFirstCharacterToEncode(text + at, textLength - at);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (at + 1 >= textLength || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        for (var at = 0; at < utf8Text.Length;)
        {
            var found = Basic.FindFirstCharacterToEncodeUtf8(utf8Text[at..]);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (Rune.DecodeFromUtf8(utf8Text[at..], out _, out var length) != OperationStatus.Done || length < 4)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        if (UnicodeText.IndexOfHalfPair(source) >= 0)
        {
            throw new JsonException(HalfPair);
        }

        return base.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock);
    }

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true)
    {
        if (UnicodeText.IndexOfInvalid(utf8Source) >= 0)
        {
            throw new JsonException("A string is not UTF-8 text.");
        }

        return base.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);
    }
}
