using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Checkpoints;
using Kind = ActorFlow.Runtime.Wire.Journal.Event.KindOneofCase;

namespace ActorFlow.Runtime.Wire.Journal;

/// <summary>What happens to a run as a whole.</summary>
internal static class RunEvents
{
    public static ImmutableArray<EventCodec> All { get; } =
    [
        EventCodec.Of(Kind.Started, (WorkflowEvent.Started e) => new() { Started = ToMessage(e) }, e => FromMessage(e.Started)),
        EventCodec.Of(Kind.Begun, (WorkflowEvent.Begun _) => new() { Begun = new() }, _ => new()),
        EventCodec.Of(Kind.ScopeTimedOut, (WorkflowEvent.ScopeTimedOut e) => new() { ScopeTimedOut = e.Scope }, e => new(e.ScopeTimedOut)),
        EventCodec.Of(
            Kind.OutputFailed,
            (WorkflowEvent.OutputFailed e) => new() { OutputFailed = e.Error.ToMessage() },
            e => new(e.OutputFailed.ToError())),
        EventCodec.Of(
            Kind.CancelRequested,
            (WorkflowEvent.CancelRequested e) => new() { CancelRequested = e.Reason },
            e => new(e.CancelRequested)),
        EventCodec.Of(Kind.CompensationStarted, (WorkflowEvent.CompensationStarted _) => new() { CompensationStarted = new() }, _ => new()),
        EventCodec.Of(
            Kind.Completed,
            (WorkflowEvent.Completed e) => new() { Completed = e.Output.ToBytes() },
            e => new(e.Completed.ToPayload())),
        EventCodec.Of(Kind.Failed, (WorkflowEvent.Failed e) => new() { Failed = e.Error.ToMessage() }, e => new(e.Failed.ToError())),
        EventCodec.Of(Kind.Cancelled, (WorkflowEvent.Cancelled e) => new() { Cancelled = e.Reason }, e => new(e.Cancelled)),
        EventCodec.Of(Kind.Terminated, (WorkflowEvent.Terminated e) => new() { Terminated = e.Reason }, e => new(e.Terminated)),
        EventCodec.Of(Kind.Paused, (WorkflowEvent.Paused _) => new() { Paused = new() }, _ => new()),
        EventCodec.Of(Kind.Resumed, (WorkflowEvent.Resumed _) => new() { Resumed = new() }, _ => new()),
        EventCodec.Of(Kind.CommandNoted, (WorkflowEvent.CommandNoted e) => new() { CommandNoted = e.Command }, e => new(e.CommandNoted)),
        EventCodec.Of(
            Kind.CheckpointNamed,
            (WorkflowEvent.CheckpointNamed e) => new() { CheckpointNamed = e.Name },
            e => new(e.CheckpointNamed)),
        EventCodec.Of(
            Kind.Reopened,
            (WorkflowEvent.Reopened e) => new() { Reopened = ToMessage(e) },
            e => new(e.Reopened.Generation, e.Reopened.HasFrom ? e.Reopened.From : null)),
        EventCodec.Of(
            Kind.RewindRequested,
            (WorkflowEvent.RewindRequested e) => new() { RewindRequested = new() { To = e.To, Image = e.Image.ToMessage() } },
            e => new(e.RewindRequested.To, e.RewindRequested.Image.ToImage())),
        EventCodec.Of(
            Kind.Rewound,
            (WorkflowEvent.Rewound e) => new() { Rewound = new() { Generation = e.Generation, To = e.To, Image = e.Image?.ToMessage() } },
            e => new(e.Rewound.Generation, e.Rewound.To, e.Rewound.Image?.ToImage())),
    ];

    private static Started ToMessage(WorkflowEvent.Started e)
    {
        var message = new Started
        {
            WorkflowId = e.WorkflowId,
            RunId = e.RunId.ToBytes(),
            Definition = e.Definition.ToMessage(),
            Input = e.Input.ToBytes(),
            Parent = e.Parent?.ToMessage(),
            Origin = e.Origin?.ToMessage(),
            Image = e.Image?.ToMessage(),
            Trace = e.Trace?.ToMessage(),
        };
        message.Companions.Add(e.Companions.Select(Fields.ToMessage));
        message.Tags.Add(e.Tags);
        if (e.Directory is { } directory)
        {
            message.Directory = directory;
        }

        e.StartAt.Set(ticks => message.StartAtTicks = ticks);
        return message;
    }

    private static WorkflowEvent.Started FromMessage(Started e) =>
        new(e.WorkflowId, e.RunId.ToGuid(), e.Definition.ToReference(), e.Input.ToPayload())
        {
            Parent = e.Parent.ToLink(),
            Origin = e.Origin.ToOrigin(),
            Image = e.Image?.ToImage(),
            Companions = e.Companions.ToReferences(),
            Tags = e.Tags.ToTags(),
            Directory = e.HasDirectory ? e.Directory : null,
            Trace = e.Trace.ToTrace(),
            StartAt = e.StartAtTicks.ToTime(e.HasStartAtTicks),
        };

    private static Reopened ToMessage(WorkflowEvent.Reopened e)
    {
        var message = new Reopened { Generation = e.Generation };
        if (e.From is { } from)
        {
            message.From = from;
        }

        return message;
    }
}
