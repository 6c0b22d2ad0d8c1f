using System.Buffers.Binary;
using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire.Checkpoints;

/// <summary>The image of an open run to its stored form, and back.</summary>
internal static class RunImageFormat
{
    private const int GuidBytes = 16;

    public static Journal.RunImage ToMessage(this RunImage image)
    {
        var message = new Journal.RunImage
        {
            WorkflowId = image.WorkflowId,
            RunId = image.RunId.ToBytes(),
            Generation = image.Generation,
            Definition = image.Definition.ToMessage(),
            Input = image.Input.ToBytes(),
            StartedAtTicks = image.StartedAt.UtcTicks,
            AtTicks = image.At.UtcTicks,
            Parent = image.Parent?.ToMessage(),
            Origin = image.Origin?.ToMessage(),
            Trace = image.Trace?.ToMessage(),
            Paused = image.Paused,
            NextScope = image.NextScope,
            Elements = image.Elements,
            SettledElements = image.SettledElements,
            Bytes = image.Bytes,
            NextSignal = image.NextSignal,
            NextWait = image.NextWait,
            Compensating = image.Compensating,
            Undoing = image.Undoing is { } undoing ? ToMessage(undoing) : null,
            UndoNumber = image.UndoNumber,
            Commands = Pack(image.Commands.AsSpan()),
            CommandHashes = Pack(image.Commands.AsSpan(), command => (long)command.Hash),
            CommandTimes = Pack(image.Commands.AsSpan(), command => command.At.UtcTicks),
            Rewinding = image.Rewinding is { } rewind ? new() { To = rewind.To, Image = rewind.Image.ToMessage() } : null,
        };
        message.Companions.Add(image.Companions.Select(Fields.ToMessage));
        message.Tags.Add(image.Tags);
        message.Scopes.Add(image.Scopes.Select(ScopeImageFormat.ToMessage));
        message.Signals.Add(image.Signals.Select(ToMessage));
        message.Undos.Add(image.Undos.Select(ToMessage));
        message.Failures.Add(image.Failures.Select(ToMessage));
        if (image.Directory is { } directory)
        {
            message.Directory = directory;
        }

        return message;
    }

    /// <exception cref="InvalidDataException">Something is missing in the image or out of range.</exception>
    public static RunImage ToImage(this Journal.RunImage? m) => m is null ? throw Fields.Missing("image") : new()
    {
        WorkflowId = m.WorkflowId,
        RunId = m.RunId.ToGuid(),
        Generation = m.Generation,
        Definition = m.Definition.ToReference(),
        Input = m.Input.ToPayload(),
        StartedAt = m.StartedAtTicks.ToTime(),
        At = m.AtTicks.ToTime(),
        Parent = m.Parent.ToLink(),
        Origin = m.Origin.ToOrigin(),
        Companions = m.Companions.ToReferences(),
        Directory = m.HasDirectory ? m.Directory : null,
        Trace = m.Trace.ToTrace(),
        Tags = m.Tags.ToTags(),
        Paused = m.Paused,
        Scopes = [.. m.Scopes.Select(ScopeImageFormat.ToImage)],
        NextScope = m.NextScope,
        Elements = m.Elements,
        SettledElements = m.SettledElements,
        Bytes = m.Bytes,
        Signals = [.. m.Signals.Select(signal => new SignalImage(signal.Number, signal.Name, signal.Payload.ToPayload()))],
        NextSignal = m.NextSignal,
        NextWait = m.NextWait,
        Undos = [.. m.Undos.Select(ToImage)],
        Compensating = m.Compensating,
        Undoing = m.Undoing is { } undoing ? new(ToImage(undoing.Entry), undoing.Number, undoing.Execution.ToImage()) : null,
        UndoNumber = m.UndoNumber,
        Failures = [.. m.Failures.Select(task => new FailedTask(task.Path, task.Type, task.Message, task.Attempts))],
        Commands = Unpack(m),
        Rewinding = m.Rewinding is { } rewind ? new(rewind.To, rewind.Image.ToImage()) : null,
    };

    private static Journal.SignalImage ToMessage(SignalImage signal) =>
        new() { Number = signal.Number, Name = signal.Name, Payload = signal.Payload.ToBytes() };

    private static Journal.UndoImage ToMessage(UndoImage undo) =>
        new() { TaskOrder = undo.TaskOrder, Path = undo.Path, Undo = undo.Undo.ToMessage() };

    private static Journal.UndoingImage ToMessage(UndoingImage undoing) =>
        new() { Entry = ToMessage(undoing.Entry), Number = undoing.Number, Execution = undoing.Execution.ToMessage() };

    private static Journal.TaskFailure ToMessage(FailedTask task) =>
        new() { Path = task.Path, Type = task.Type, Message = task.Message, Attempts = task.Attempts };

    private static UndoImage ToImage(Journal.UndoImage? m) =>
        m is null ? throw Fields.Missing("compensation") : new(m.TaskOrder, m.Path, m.Undo.ToUndo() ?? throw Fields.Missing("compensation's input"));

    private static ByteString Pack(ReadOnlySpan<TakenCommand> commands)
    {
        var bytes = new byte[commands.Length * GuidBytes];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i].Id.TryWriteBytes(bytes.AsSpan(i * GuidBytes), bigEndian: true, out _);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>The numbers of the commands; nothing if all of them are 0.</summary>
    private static ByteString Pack(ReadOnlySpan<TakenCommand> commands, Func<TakenCommand, long> number)
    {
        var (bytes, any) = (new byte[commands.Length * sizeof(long)], 0L);
        for (var i = 0; i < commands.Length; i++)
        {
            var one = number(commands[i]);
            any |= one;
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long)), one);
        }

        return any == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static ImmutableArray<TakenCommand> Unpack(Journal.RunImage m)
    {
        var (count, rest) = Math.DivRem(m.Commands.Length, GuidBytes);
        if (rest != 0)
        {
            throw new InvalidDataException($"The bytes hold ids of 16 bytes in {m.Commands.Length} bytes.");
        }

        var commands = ImmutableArray.CreateBuilder<TakenCommand>(count);
        for (var i = 0; i < count; i++)
        {
            var id = new Guid(m.Commands.Span.Slice(i * GuidBytes, GuidBytes), bigEndian: true);
            commands.Add(new(id, (ulong)NumberAt(m.CommandHashes, i, count), NumberAt(m.CommandTimes, i, count).ToTime()));
        }

        return commands.MoveToImmutable();
    }

    private static long NumberAt(ByteString bytes, int index, int count) =>
        bytes.IsEmpty ? 0
        : bytes.Length == count * sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(bytes.Span[(index * sizeof(long))..])
        : throw new InvalidDataException($"The bytes hold {count} commands and their numbers in {bytes.Length} bytes.");
}
