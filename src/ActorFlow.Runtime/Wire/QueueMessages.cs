using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorFlow.Runtime.Wire;

/// <summary>What runs, task queues and worker hosts say to each other, on the wire.</summary>
internal sealed class QueueMessages(ActorReferences references)
{
    public byte[]? TryWrite(object message) => ToMessage(message)?.ToByteArray();

    public object? TryRead(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.Offer => FromMessage(Messages.Offer.Parser.ParseFrom(bytes)),
        Manifests.OfferAcknowledged when Messages.OfferAcknowledged.Parser.ParseFrom(bytes) is var m =>
            new OfferAcknowledged(m.Queue, m.Epoch, m.Accepted.ToAttempts(), m.Deferred.ToAttempts()),
        Manifests.OfferGranted when Messages.OfferGranted.Parser.ParseFrom(bytes) is var m =>
            new OfferGranted(m.Queue, m.Epoch, m.WorkflowId, m.Count),
        Manifests.AttemptsLeased when Messages.AttemptsLeased.Parser.ParseFrom(bytes) is var m =>
            new AttemptsLeased(m.Queue, m.Epoch, m.WorkflowId, m.Attempts.ToAttempts()),
        Manifests.Withdraw when Messages.Withdraw.Parser.ParseFrom(bytes) is var m =>
            new Withdraw(m.Queue, m.WorkflowId, m.Attempts.ToAttempts(), references.FromText(m.Workflow)),
        Manifests.ReportAcknowledged when Messages.ReportAcknowledged.Parser.ParseFrom(bytes) is var m =>
            new ReportAcknowledged(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease()),
        Manifests.AttemptInput when Messages.AttemptInput.Parser.ParseFrom(bytes) is var m =>
            new AttemptInput(m.WorkflowId, m.Attempt.ToAttempt(), m.Lease.ToLease(), m.HasInput ? m.Input.ToPayload() : null),
        Manifests.HandlersMissing when Messages.HandlersMissing.Parser.ParseFrom(bytes) is var m =>
            new HandlersMissing(m.Queue, m.Epoch, m.WorkflowId, [.. m.Handlers]),
        Manifests.WorkerInventory => FromMessage(Messages.WorkerInventory.Parser.ParseFrom(bytes)),
        Manifests.SlotsChanged => new SlotsChanged(FromMessage(Messages.HostState.Parser.ParseFrom(bytes))),
        Manifests.InventoryAcknowledged when Messages.InventoryAcknowledged.Parser.ParseFrom(bytes) is var m =>
            new InventoryAcknowledged(m.Queue, m.QueueEpoch, m.HostEpoch, m.Newest),
        Manifests.InventoryRequest when Messages.InventoryRequest.Parser.ParseFrom(bytes) is var m =>
            new InventoryRequest(m.Queue, m.QueueEpoch),
        Manifests.AssignAttempts => FromMessage(Messages.AssignAttempts.Parser.ParseFrom(bytes)),
        Manifests.CancelAttempt when Messages.CancelAttempt.Parser.ParseFrom(bytes) is var m =>
            new CancelAttempt(m.Queue, m.QueueEpoch, m.HostEpoch, m.Attempt.ToAttempt(), m.Lease.ToLease(), m.Revoked),
        Manifests.ReportAgain when Messages.ReportAgain.Parser.ParseFrom(bytes) is var m =>
            new ReportAgain(m.Queue, m.QueueEpoch, m.HostEpoch, m.Attempt.ToAttempt(), references.FromText(m.Workflow)),
        _ => null,
    };

    private IMessage? ToMessage(object message) => message switch
    {
        Offer m => ToMessage(m),
        OfferAcknowledged m => ToMessage(m),
        OfferGranted m => new Messages.OfferGranted { Queue = m.Queue, Epoch = m.Epoch, WorkflowId = m.WorkflowId, Count = m.Count },
        AttemptsLeased m => With(
            new Messages.AttemptsLeased { Queue = m.Queue, Epoch = m.Epoch, WorkflowId = m.WorkflowId }, to => to.Attempts, m.Attempts),
        Withdraw m => With(
            new Messages.Withdraw { Queue = m.Queue, WorkflowId = m.WorkflowId, Workflow = references.ToText(m.Workflow) },
            to => to.Attempts,
            m.Attempts),
        ReportAcknowledged m => new Messages.ReportAcknowledged
        {
            WorkflowId = m.WorkflowId,
            Attempt = m.Attempt.ToMessage(),
            Lease = m.Lease.ToMessage(),
        },
        AttemptInput m => ToMessage(m),
        HandlersMissing m => new Messages.HandlersMissing
        {
            Queue = m.Queue,
            Epoch = m.Epoch,
            WorkflowId = m.WorkflowId,
            Handlers = { m.Handlers },
        },
        WorkerInventory m => ToMessage(m),
        SlotsChanged m => ToMessage(m.State),
        InventoryAcknowledged m => new Messages.InventoryAcknowledged
        {
            Queue = m.Queue,
            QueueEpoch = m.QueueEpoch,
            HostEpoch = m.HostEpoch,
            Newest = m.Newest,
        },
        InventoryRequest m => new Messages.InventoryRequest { Queue = m.Queue, QueueEpoch = m.QueueEpoch },
        AssignAttempts m => ToMessage(m),
        CancelAttempt m => new Messages.CancelAttempt
        {
            Queue = m.Queue,
            QueueEpoch = m.QueueEpoch,
            HostEpoch = m.HostEpoch,
            Attempt = m.Attempt.ToMessage(),
            Lease = m.Lease.ToMessage(),
            Revoked = m.Revoked,
        },
        ReportAgain m => new Messages.ReportAgain
        {
            Queue = m.Queue,
            QueueEpoch = m.QueueEpoch,
            HostEpoch = m.HostEpoch,
            Attempt = m.Attempt.ToMessage(),
            Workflow = references.ToText(m.Workflow),
        },
        _ => null,
    };

    private Messages.Offer ToMessage(Offer offer)
    {
        var message = new Messages.Offer
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

    private Offer FromMessage(Messages.Offer m) => new(
        m.Queue, m.WorkflowId, m.FairnessKey, [.. m.Orders.Select(order => order.ToOrder())], references.FromText(m.Workflow))
    {
        KnownEpoch = m.KnownEpoch,
    };

    private static Messages.OfferAcknowledged ToMessage(OfferAcknowledged answer)
    {
        var message = new Messages.OfferAcknowledged { Queue = answer.Queue, Epoch = answer.Epoch };
        message.Accepted.Add(answer.Accepted.Select(attempt => attempt.ToMessage()));
        message.Deferred.Add(answer.Deferred.Select(attempt => attempt.ToMessage()));
        return message;
    }

    private static Messages.AttemptInput ToMessage(AttemptInput answer)
    {
        var message = new Messages.AttemptInput
        {
            WorkflowId = answer.WorkflowId,
            Attempt = answer.Attempt.ToMessage(),
            Lease = answer.Lease.ToMessage(),
        };
        if (answer.Input is { } input)
        {
            message.Input = input.ToBytes();
        }

        return message;
    }

    private static Messages.HostState ToMessage(HostState state)
    {
        var message = new Messages.HostState
        {
            Queue = state.Queue,
            Node = state.Node,
            HostEpoch = state.HostEpoch,
            Sequence = state.Sequence,
            QueueEpoch = state.QueueEpoch,
            Seen = state.Seen,
            Free = state.Free,
        };
        message.Settled.Add(state.Settled.Select(settled => new Messages.SettledLease
        {
            Lease = settled.Lease.ToMessage(),
            Attempt = settled.Attempt.ToMessage(),
            Succeeded = settled.Succeeded,
        }));
        return message;
    }

    private static HostState FromMessage(Messages.HostState m) => new(
        m.Queue,
        m.Node,
        m.HostEpoch,
        m.Sequence,
        m.QueueEpoch,
        m.Seen,
        m.Free,
        [.. m.Settled.Select(settled => new SettledLease(settled.Lease.ToLease(), settled.Attempt.ToAttempt(), settled.Succeeded))]);

    private Messages.WorkerInventory ToMessage(WorkerInventory inventory)
    {
        var message = new Messages.WorkerInventory { State = ToMessage(inventory.State), Host = references.ToText(inventory.Host) };
        message.Handlers.Add(inventory.Handlers);
        message.Held.Add(inventory.Held.Select(held => new Messages.HeldLease
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

    private WorkerInventory FromMessage(Messages.WorkerInventory m) => new(
        FromMessage(m.State),
        [.. m.Handlers],
        [
            .. m.Held.Select(held => new HeldLease(
                held.Lease.ToLease(),
                held.Attempt.ToAttempt(),
                held.WorkflowId,
                references.FromText(held.Workflow),
                held.Ended,
                TimeSpan.FromTicks(held.RemainingTicks))),
        ],
        references.FromText(m.Host));

    private Messages.AssignAttempts ToMessage(AssignAttempts run)
    {
        var message = new Messages.AssignAttempts { Queue = run.Queue, QueueEpoch = run.QueueEpoch, HostEpoch = run.HostEpoch };
        message.Assignments.Add(run.Assignments.Select(assignment => new Messages.Assignment
        {
            Lease = assignment.Lease.ToMessage(),
            WorkflowId = assignment.WorkflowId,
            Order = assignment.Order.ToMessage(),
            Workflow = references.ToText(assignment.Workflow),
        }));
        return message;
    }

    private AssignAttempts FromMessage(Messages.AssignAttempts m) => new(
        m.Queue,
        m.QueueEpoch,
        m.HostEpoch,
        [
            .. m.Assignments.Select(assignment => new Assignment(
                assignment.Lease.ToLease(), assignment.WorkflowId, assignment.Order.ToOrder(), references.FromText(assignment.Workflow))),
        ]);

    private static TMessage With<TMessage>(
        TMessage message, Func<TMessage, RepeatedField<Messages.Attempt>> list, ImmutableArray<AttemptId> attempts)
    {
        list(message).Add(attempts.Select(attempt => attempt.ToMessage()));
        return message;
    }
}
