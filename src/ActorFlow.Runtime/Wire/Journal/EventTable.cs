using System.Collections.Frozen;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>The codecs of all events, by type and by the number of the form. No two share either.</summary>
internal static class EventTable
{
    private static readonly EventCodec[] All = [.. RunEvents.All, .. TaskEvents.All, .. AttemptEvents.All, .. WaitEvents.All];
    private static readonly FrozenDictionary<Type, EventCodec> ByType = All.ToDictionary(codec => codec.Type).ToFrozenDictionary();
    private static readonly EventCodec?[] ByKind = IndexByKind();

    public static Event Write(WorkflowEvent e) => ByType.TryGetValue(e.GetType(), out var codec)
        ? codec.Write(e)
        : throw new InvalidOperationException($"The journal has no form for {e.GetType().Name}.");

    public static WorkflowEvent Read(Event e) => (int)e.KindCase < ByKind.Length && ByKind[(int)e.KindCase] is { } codec
        ? codec.Read(e)
        : throw new InvalidOperationException("The journal holds an event that this version does not know. Was it written by a later one?");

    private static EventCodec?[] IndexByKind()
    {
        var byKind = new EventCodec?[All.Max(codec => (int)codec.Kind) + 1];
        foreach (var codec in All)
        {
            ref var place = ref byKind[(int)codec.Kind];
            place = place is null ? codec : throw new InvalidOperationException($"{codec.Kind} has two codecs: of {place.Type} and of {codec.Type}.");
        }

        return byKind;
    }
}
