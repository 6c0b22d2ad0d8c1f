using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// What tells two commands of one id apart: a 64-bit hash of the operation, its target and its content. Hashes are stored, so their way of
/// being made never changes. Spacing and the order of keys do not affect the hash of a payload; numbers count by their text. Nor does the
/// name of who answers, which may be an address: a repeat may come from another one.
/// </summary>
internal static class CommandContent
{
    private const string Start = "start";
    private const string Rewind = "rewind";

    private static readonly ulong OfStarts = Of(null, Start);

    /// <summary>The word of a command that carries an id. Words are stored, so they never change.</summary>
    public static string WordOf(WorkflowCommand command) => command switch
    {
        WorkflowCommand.Start => Start,
        WorkflowCommand.Cancel => "cancel",
        WorkflowCommand.Terminate => "terminate",
        WorkflowCommand.Signal => "signal",
        WorkflowCommand.Answer => "answer",
        WorkflowCommand.Pause => "pause",
        WorkflowCommand.Resume => "resume",
        WorkflowCommand.Retry => "retry",
        WorkflowCommand.TakeCheckpoint => "checkpoint",
        WorkflowCommand.Rewind => Rewind,
        _ => throw new System.Diagnostics.UnreachableException($"{command.GetType().Name} carries no id."),
    };

    /// <summary>The hash of a command that carries an id; never 0.</summary>
    /// <remarks>That of a start is the same for all: the run itself holds the content of its start.</remarks>
    public static ulong HashOf(WorkflowCommand command) => command switch
    {
        WorkflowCommand.Start => OfStarts,
        WorkflowCommand.Cancel c => Of(null, WordOf(c), c.Reason),
        WorkflowCommand.Terminate c => Of(null, WordOf(c), c.Reason),
        WorkflowCommand.Signal c => Of(c.Payload, WordOf(c), c.Name),
        WorkflowCommand.Answer c => Of(c.Value, WordOf(c), c.Task, c.ClaimedBy, c.Comment),
        WorkflowCommand.Retry c => Of(null, WordOf(c), c.From),
        WorkflowCommand.TakeCheckpoint c => Of(null, WordOf(c), c.Name),
        WorkflowCommand.Rewind c => OfRewind(c.Checkpoint),
        _ => Of(null, WordOf(command)),
    };

    /// <summary>The hash of a rewind to a checkpoint, as the command names it.</summary>
    public static ulong OfRewind(string checkpoint) => Of(null, Rewind, checkpoint);

    /// <summary>The refusal of a command whose id is that of another one.</summary>
    public static Decision.Refused Conflict(Guid commandId) =>
        new("command-conflict", $"The id {commandId} was that of a command of other content. A new command needs a new id.");

    private static ulong Of(Payload? payload, params ReadOnlySpan<string?> texts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var text in texts)
        {
            Write(text, bytes);
        }

        if (payload is not null)
        {
            using var document = payload.ToDocument();
            Write(document.RootElement, bytes);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.WrittenSpan, hash);
        // 0 stands for a hash that is not known.
        return Math.Max(BinaryPrimitives.ReadUInt64BigEndian(hash), 1);
    }

    /// <summary>Writes a text behind its length, so that no two lists of texts give the same bytes; -1 is the length of no text.</summary>
    private static void Write(string? text, ArrayBufferWriter<byte> bytes)
    {
        var length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
        if (length > 0)
        {
            Encoding.UTF8.GetBytes(text, bytes);
        }
    }

    private static void Write(JsonElement value, ArrayBufferWriter<byte> bytes)
    {
        bytes.GetSpan(1)[0] = (byte)value.ValueKind;
        bytes.Advance(1);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    Write(member.Name, bytes);
                    Write(member.Value, bytes);
                }

                Write((string?)null, bytes);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, bytes);
                }

                Write((string?)null, bytes);
                break;
            case JsonValueKind.String:
                Write(value.GetString(), bytes);
                break;
            case JsonValueKind.Number:
                Write(value.GetRawText(), bytes);
                break;
            default:
                break;
        }
    }
}
