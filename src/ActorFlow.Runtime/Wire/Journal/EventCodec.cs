using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>The form of one event in the journal, and the way there and back.</summary>
internal sealed record EventCodec(Event.KindOneofCase Kind, Type Type, Func<WorkflowEvent, Event> Write, Func<Event, WorkflowEvent> Read)
{
    public static EventCodec Of<TEvent>(Event.KindOneofCase kind, Func<TEvent, Event> write, Func<Event, TEvent> read)
        where TEvent : WorkflowEvent =>
        new(kind, typeof(TEvent), e => write((TEvent)e), read);
}
