using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Explaining = ActorFlow.Core.Workflows.Explaining;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What runs, task queues and worker hosts say to each other.</summary>
internal static class QueueCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of<Tasks.Offer, Offer>("tq.offer.1", ToMessage, FromMessage),
        MessageCodec.Of<Tasks.OfferAcknowledged, OfferAcknowledged>(
            "tq.offer-acknowledged.1",
            m => new() { Queue = m.Queue, Epoch = m.Epoch, Accepted = { ToMessages(m.Accepted) }, Deferred = { ToMessages(m.Deferred) } },
            m => new(m.Queue, m.Epoch, m.Accepted.ToAttempts(), m.Deferred.ToAttempts())),
        MessageCodec.Of<Tasks.OfferGranted, OfferGranted>(
            "tq.offer-granted.1",
            m => new() { Queue = m.Queue, Epoch = m.Epoch, WorkflowId = m.WorkflowId, Count = m.Count },
            m => new(m.Queue, m.Epoch, m.WorkflowId, m.Count)),
        MessageCodec.Of<Tasks.AttemptsLeased, AttemptsLeased>(
            "tq.attempts-leased.1",
            m => new() { Queue = m.Queue, Epoch = m.Epoch, WorkflowId = m.WorkflowId, Attempts = { ToMessages(m.Attempts) } },
            m => new(m.Queue, m.Epoch, m.WorkflowId, m.Attempts.ToAttempts())),
        MessageCodec.Of<Tasks.Withdraw, Withdraw>(
            "tq.withdraw.1",
            (m, references) => new()
            {
                Queue = m.Queue,
                WorkflowId = m.WorkflowId,
                Workflow = references.ToText(m.Workflow),
                Attempts = { ToMessages(m.Attempts) },
            },
            (m, references) => new(m.Queue, m.WorkflowId, m.Attempts.ToAttempts(), references.FromText(m.Workflow))),
        MessageCodec.Of<Tasks.ReportAcknowledged, ReportAcknowledged>(
            "tq.report-acknowledged.1",
            m => new() { WorkflowId = m.WorkflowId, Attempt = m.Attempt.ToMessage(), Lease = m.Lease.ToMessage() },
            m => new(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease())),
        MessageCodec.Of<Tasks.AttemptInput, AttemptInput>(
            "tq.attempt-input.1",
            ToMessage,
            m => new(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease(), m.HasInput ? m.Input.ToPayload() : null)),
        MessageCodec.Of<Tasks.HandlersMissing, HandlersMissing>(
            "tq.handlers-missing.1",
            m => new() { Queue = m.Queue, Epoch = m.Epoch, WorkflowId = m.WorkflowId, Handlers = { m.Handlers } },
            m => new(m.Queue, m.Epoch, m.WorkflowId, [.. m.Handlers])),
        MessageCodec.Of<Tasks.LocateAttempts, LocateAttempts>(
            "tq.locate-attempts.1",
            m => new() { Queue = m.Queue, Attempts = { ToMessages(m.Attempts) } },
            m => new(m.Queue, m.Attempts.ToAttempts())),
        MessageCodec.Of<Tasks.AttemptPlaces, AttemptPlaces>("tq.attempt-places.1", ToMessage, FromMessage),
        MessageCodec.Of<Tasks.WorkerInventory, WorkerInventory>("tq.pull.1", ToMessage, FromMessage),
        MessageCodec.Of<Tasks.SlotsChanged, HostState>("tq.slots-changed.1", m => ToMessage(m.State), m => new(FromMessage(m))),
        MessageCodec.Of<Tasks.InventoryAcknowledged, InventoryAcknowledged>(
            "tq.pull-acknowledged.1",
            m => new() { Queue = m.Queue, QueueEpoch = m.QueueEpoch, HostEpoch = m.HostEpoch, Newest = m.Newest },
            m => new(m.Queue, m.QueueEpoch, m.HostEpoch, m.Newest)),
        MessageCodec.Of<Tasks.InventoryRequest, InventoryRequest>(
            "tq.inventory-request.1",
            m => new() { Queue = m.Queue, QueueEpoch = m.QueueEpoch },
            m => new(m.Queue, m.QueueEpoch)),
        MessageCodec.Of<Tasks.AssignAttempts, AssignAttempts>("tq.run.1", ToMessage, FromMessage),
        MessageCodec.Of<Tasks.CancelAttempt, CancelAttempt>(
            "tq.cancel-attempt.1",
            m => new()
            {
                Queue = m.Queue,
                QueueEpoch = m.QueueEpoch,
                HostEpoch = m.HostEpoch,
                Attempt = m.Attempt.ToMessage(),
                Lease = m.Lease.ToMessage(),
                Revoked = m.Revoked,
            },
            m => new(m.Queue, m.QueueEpoch, m.HostEpoch, m.Attempt.ToAttempt(), m.Lease.ToLease(), m.Revoked)),
        MessageCodec.Of<Tasks.ReportAgain, ReportAgain>(
            "tq.report-again.1",
            (m, references) => new()
            {
                Queue = m.Queue,
                QueueEpoch = m.QueueEpoch,
                HostEpoch = m.HostEpoch,
                Attempt = m.Attempt.ToMessage(),
                Workflow = references.ToText(m.Workflow),
            },
            (m, references) => new(m.Queue, m.QueueEpoch, m.HostEpoch, m.Attempt.ToAttempt(), references.FromText(m.Workflow))),
    ];

    private static IEnumerable<Attempt> ToMessages(ImmutableArray<AttemptId> attempts) => attempts.Select(attempt => attempt.ToMessage());

    private static Offer ToMessage(Tasks.Offer offer, ActorReferences references)
    {
        var message = new Offer
        {
            Queue = offer.Queue,
            WorkflowId = offer.WorkflowId,
            FairnessKey = offer.FairnessKey,
            Workflow = references.ToText(offer.Workflow),
            KnownEpoch = offer.KnownEpoch,
        };
        message.Orders.Add(offer.Orders.Select(order => order.ToMessage()));
        return message;
    }

    private static Tasks.Offer FromMessage(Offer m, ActorReferences references) => new(
        m.Queue, m.WorkflowId, m.FairnessKey, [.. m.Orders.Select(order => order.ToOrder())], references.FromText(m.Workflow))
    {
        KnownEpoch = m.KnownEpoch,
    };

    private static AttemptInput ToMessage(Tasks.AttemptInput answer)
    {
        var message = new AttemptInput { WorkflowId = answer.WorkflowId, Attempt = answer.Attempt.ToMessage(), Lease = answer.Lease.ToMessage() };
        if (answer.Input is { } input)
        {
            message.Input = input.ToBytes();
        }

        return message;
    }

    private static AttemptPlaces ToMessage(Tasks.AttemptPlaces places)
    {
        var message = new AttemptPlaces { Queue = places.Load.Queue, Waiting = places.Load.Waiting, Running = places.Load.Running };
        message.Holders.Add(places.Load.Holders.Select(holder => new SlotHolder { WorkflowId = holder.WorkflowId, Attempts = holder.Attempts }));
        message.Places.Add(places.Places.Select(ToMessage));
        return message;
    }

    private static AttemptPlace ToMessage(Explaining.AttemptPlace place)
    {
        var message = new AttemptPlace { Attempt = place.Attempt.ToMessage(), IsOffered = place.IsOffered };
        if (place.Worker is { } worker)
        {
            message.Worker = worker;
        }

        if (place.Since is { } since)
        {
            message.SinceTicks = since.UtcTicks;
        }

        if (place.LastWorker is { } last)
        {
            message.LastWorker = last;
        }

        if (place.LastOffered is { } offered)
        {
            message.LastOfferedTicks = offered.UtcTicks;
        }

        return message;
    }

    private static Tasks.AttemptPlaces FromMessage(AttemptPlaces m) => new(
        new(m.Queue, m.Waiting, m.Running, [.. m.Holders.Select(holder => new Explaining.SlotHolder(holder.WorkflowId, holder.Attempts))]),
        [
            .. m.Places.Select(place => new Explaining.AttemptPlace(place.Attempt.ToAttempt())
            {
                Worker = place.HasWorker ? place.Worker : null,
                Since = place.HasSinceTicks ? place.SinceTicks.ToTime() : null,
                IsOffered = place.IsOffered,
                LastWorker = place.HasLastWorker ? place.LastWorker : null,
                LastOffered = place.HasLastOfferedTicks ? place.LastOfferedTicks.ToTime() : null,
            }),
        ]);

    private static HostState ToMessage(Tasks.HostState state)
    {
        var message = new HostState
        {
            Queue = state.Queue,
            Node = state.Node,
            HostEpoch = state.HostEpoch,
            Sequence = state.Sequence,
            QueueEpoch = state.QueueEpoch,
            Seen = state.Seen,
            Free = state.Free,
        };
        message.Settled.Add(state.Settled.Select(settled => new SettledLease
        {
            Lease = settled.Lease.ToMessage(),
            Attempt = settled.Attempt.ToMessage(),
            Succeeded = settled.Succeeded,
        }));
        return message;
    }

    private static Tasks.HostState FromMessage(HostState m) => new(
        m.Queue,
        m.Node,
        m.HostEpoch,
        m.Sequence,
        m.QueueEpoch,
        m.Seen,
        m.Free,
        [.. m.Settled.Select(settled => new Tasks.SettledLease(settled.Lease.ToLease(), settled.Attempt.ToAttempt(), settled.Succeeded))]);

    private static WorkerInventory ToMessage(Tasks.WorkerInventory inventory, ActorReferences references)
    {
        var message = new WorkerInventory { State = ToMessage(inventory.State), Host = references.ToText(inventory.Host) };
        message.Handlers.Add(inventory.Handlers);
        message.Held.Add(inventory.Held.Select(held => new HeldLease
        {
            Lease = held.Lease.ToMessage(),
            Attempt = held.Attempt.ToMessage(),
            WorkflowId = held.WorkflowId,
            Workflow = references.ToText(held.Workflow),
            Ended = held.Ended,
            RemainingTicks = held.Remaining.Ticks,
        }));
        return message;
    }

    private static Tasks.WorkerInventory FromMessage(WorkerInventory m, ActorReferences references) => new(
        FromMessage(m.State),
        [.. m.Handlers],
        [
            .. m.Held.Select(held => new Tasks.HeldLease(
                held.Lease.ToLease(),
                held.Attempt.ToAttempt(),
                held.WorkflowId,
                references.FromText(held.Workflow),
                held.Ended,
                TimeSpan.FromTicks(held.RemainingTicks))),
        ],
        references.FromText(m.Host));

    private static AssignAttempts ToMessage(Tasks.AssignAttempts run, ActorReferences references)
    {
        var message = new AssignAttempts { Queue = run.Queue, QueueEpoch = run.QueueEpoch, HostEpoch = run.HostEpoch };
        message.Assignments.Add(run.Assignments.Select(assignment => new Assignment
        {
            Lease = assignment.Lease.ToMessage(),
            WorkflowId = assignment.WorkflowId,
            Order = assignment.Order.ToMessage(),
            Workflow = references.ToText(assignment.Workflow),
        }));
        return message;
    }

    private static Tasks.AssignAttempts FromMessage(AssignAttempts m, ActorReferences references) => new(
        m.Queue,
        m.QueueEpoch,
        m.HostEpoch,
        [
            .. m.Assignments.Select(assignment => new Tasks.Assignment(
                assignment.Lease.ToLease(), assignment.WorkflowId, assignment.Order.ToOrder(), references.FromText(assignment.Workflow))),
        ]);
}
