using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorFlow.Runtime.Wire;

/// <summary>The fields that tell a run's place among others, and those that may be absent, to and from their stored form.</summary>
internal static class RunFields
{
    public static Journal.ParentLink ToMessage(this ParentLink parent) => new()
    {
        WorkflowId = parent.WorkflowId,
        RunId = parent.Attempt.RunId.ToBytes(),
        Generation = parent.Attempt.Generation,
        Execution = parent.Attempt.Execution.ToMessage(),
        Number = parent.Attempt.Number,
        Depth = parent.Depth,
    };

    public static ParentLink? ToLink(this Journal.ParentLink? parent) => parent is null
        ? null
        : new(parent.WorkflowId, new(parent.RunId.ToGuid(), parent.Generation, parent.Execution.ToExecution(), parent.Number), parent.Depth);

    public static Journal.RunOrigin ToMessage(this RunOrigin origin) =>
        new() { WorkflowId = origin.WorkflowId, RunId = origin.RunId.ToBytes(), Sequence = origin.Sequence };

    public static RunOrigin? ToOrigin(this Journal.RunOrigin? origin) =>
        origin is null ? null : new(origin.WorkflowId, origin.RunId.ToGuid(), origin.Sequence);

    public static Journal.TraceContext ToMessage(this TraceContext trace)
    {
        var message = new Journal.TraceContext { Parent = trace.Parent };
        if (trace.State is { } state)
        {
            message.State = state;
        }

        return message;
    }

    public static TraceContext? ToTrace(this Journal.TraceContext? trace) =>
        trace is null ? null : new(trace.Parent, trace.HasState ? trace.State : null);

    public static ImmutableArray<DefinitionReference> ToReferences(this RepeatedField<Journal.Definition> definitions) =>
        definitions.Count == 0 ? [] : [.. definitions.Select(definition => definition.ToReference())];

    public static ImmutableSortedDictionary<string, string> ToTags(this MapField<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        var sorted = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            sorted[key] = value;
        }

        return sorted.ToImmutable();
    }

    public static void Set(this DateTimeOffset? time, Action<long> set)
    {
        if (time is { } at)
        {
            set(at.UtcTicks);
        }
    }

    public static void Set(this Payload? payload, Action<ByteString> set)
    {
        if (payload is not null)
        {
            set(payload.ToBytes());
        }
    }

    public static Payload? ToPayload(this ByteString bytes, bool present) => present ? bytes.ToPayload() : null;

    public static DateTimeOffset? ToTime(this long ticks, bool present) => present ? ticks.ToTime() : null;

    public static int ToNumber(this RunOutcome outcome) => outcome switch
    {
        RunOutcome.Completed => 0,
        RunOutcome.Failed => 1,
        RunOutcome.Cancelled => 2,
        RunOutcome.Terminated => 3,
        _ => throw new InvalidOperationException($"The outcome {outcome} has no form on the wire."),
    };

    public static RunOutcome ToOutcome(this int number) => number switch
    {
        0 => RunOutcome.Completed,
        1 => RunOutcome.Failed,
        2 => RunOutcome.Cancelled,
        3 => RunOutcome.Terminated,
        _ => throw new InvalidDataException($"The bytes hold an outcome that this version does not know: {number}."),
    };

    public static Journal.Undo? ToMessage(this UndoInput? undo)
    {
        if (undo is null)
        {
            return null;
        }

        var message = new Journal.Undo { Input = undo.Input.ToBytes() };
        message.Secrets.Add(undo.Secrets.Select(Fields.ToMessage));
        if (undo.Error is { } error)
        {
            message.Error = error;
            message.ErrorType = undo.ErrorType;
        }

        return message;
    }

    public static UndoInput? ToUndo(this Journal.Undo? undo) => undo switch
    {
        null => null,
        { HasError: true } => new(undo.Input.ToPayload(), undo.Secrets.ToSlots(), undo.Error) { ErrorType = undo.ErrorType },
        _ => new(undo.Input.ToPayload(), undo.Secrets.ToSlots(), null),
    };
}
