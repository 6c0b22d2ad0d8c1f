using System.Security.Cryptography;
using System.Text;

namespace ActorFlow.Runtime.Client;

/// <summary>The ids of commands: callers give texts, runs remember UUIDs.</summary>
internal static class CommandIds
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>The UUID of a command: the text itself if it is one, else one made of its hash; a new one if there is no text.</summary>
    /// <param name="text">1 to 200 visible ASCII characters; null means a new command.</param>
    /// <exception cref="InvalidRequestException">The text has another form.</exception>
    public static Guid Of(string? text)
    {
        if (text is null)
        {
            return Guid.CreateVersion7();
        }

        if (text.Length is 0 or > MaxLength || text.Any(c => c is <= ' ' or > '~'))
        {
            throw WorkflowRefusedException.Of("invalid-request", $"The id of a command has 1 to {MaxLength} visible ASCII characters, without blanks.");
        }

        return Guid.TryParse(text, out var uuid) ? uuid : Hash(text);
    }

    /// <summary>The UUID (version 8, RFC 9562) that is made of a text's hash.</summary>
    private static Guid Hash(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }
}
