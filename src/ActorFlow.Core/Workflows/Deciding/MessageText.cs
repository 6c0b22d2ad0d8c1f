using System.Text;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>
/// Makes messages from outside (handlers, expressions, people) fit for the journal: bounded, and without halves of surrogate pairs, which
/// UTF-8 cannot hold, so that a replay sees the same message as the live run.
/// </summary>
internal static class MessageText
{
    /// <summary>How many UTF-16 units of a message are kept.</summary>
    public const int Length = 8_192;

    public static string Of(string? message)
    {
        message ??= string.Empty;
        if (message.Length > Length)
        {
            message = message[..(char.IsHighSurrogate(message[Length - 1]) ? Length - 1 : Length)];
        }

        return message.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message)) : message;
    }
}
