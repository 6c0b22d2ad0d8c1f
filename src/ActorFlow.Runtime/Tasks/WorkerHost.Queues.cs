using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>What the queues are told, and when.</summary>
public sealed partial class WorkerHost
{
    private static readonly TimeSpan AcknowledgementWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(1);

    private bool _draining;
    private TimeSpan _drainDue;

    /// <summary>The link with the queue that sent the message; none if a newer one is known, and this one is not obeyed.</summary>
    private QueueLink? Connect(string queue, long epoch)
    {
        var link = LinkTo(queue, slots: 0);
        if (!link.Connect(epoch, Sender, Context))
        {
            return null;
        }

        _node.QueueEpochs[queue] = epoch;
        return link;
    }

    private void Answer(InventoryRequest request)
    {
        if (Connect(request.Queue, request.QueueEpoch) is { } link)
        {
            SendInventory(link);
        }
        else
        {
            link = _links[request.Queue];
            Sender.Tell(new WorkerInventory(link.Refusal(_name, _epoch), _node.HandlerNames, [], Self), Self);
        }
    }

    private void NoteAnswer(InventoryAcknowledged acknowledged)
    {
        if (Connect(acknowledged.Queue, acknowledged.QueueEpoch) is not { } link)
        {
            return;
        }

        link.Unanswered = 0;
        link.IsKnown = true;
        if (link.See(acknowledged.Newest))
        {
            // A hand-out has got lost: the sooner the queue hears of it, the better.
            SendInventory(link);
        }
    }

    private void NoteStopped(Terminated terminated)
    {
        foreach (var link in _links.Values)
        {
            if (terminated.ActorRef.Equals(link.Queue))
            {
                link.Disconnect(Context);
                SendInventory(link);
            }
        }
    }

    /// <summary>Says everything to the queue: straight, while it answers.</summary>
    private void SendInventory(QueueLink link)
    {
        if (link.Unanswered++ >= 2)
        {
            link.Disconnect(Context);
        }

        var held = ImmutableArray.CreateBuilder<HeldLease>();
        foreach (var attempt in _node.Held.Values)
        {
            if (attempt.Queue == link.Name && attempt.Outcome is not TaskOutcome.Released)
            {
                held.Add(Describe(attempt));
            }
        }

        link.Introduce();
        link.PullDue = _clock.Now + (link.Queue is null ? SearchInterval : _node.Options.PullInterval);
        (link.Queue ?? _queues).Tell(
            new WorkerInventory(link.State(_name, _epoch, TakesWork), _node.HandlerNames, held.DrainToImmutable(), Self), Self);
    }

    private HeldLease Describe(RunningAttempt attempt)
    {
        var assignment = attempt.Assignment;
        return new(
            assignment.Lease,
            assignment.Order.Attempt,
            assignment.WorkflowId,
            attempt.Workflow,
            attempt.Report is not null,
            attempt.RemainingAt(_clock.Now));
    }

    /// <summary>Says what has changed once everything that waits in the mailbox is done, or enough has gathered.</summary>
    private void SaySoon()
    {
        if (++_unsaid >= MostUnsaid)
        {
            SendDelta();
        }
        else if (!_flushing)
        {
            _flushing = true;
            Self.Tell(Flush.Instance);
        }
    }

    private void SendDelta()
    {
        _unsaid = 0;
        foreach (var link in _links.Values)
        {
            if (link.Changed && link.Queue is not null)
            {
                link.Queue.Tell(new SlotsChanged(link.State(_name, _epoch, TakesWork)), Self);
            }
        }
    }

    private void LookAround()
    {
        var now = _clock.Now;
        foreach (var attempt in _node.Held.Values)
        {
            attempt.Report?.RepeatIfDue(_workflows, Self, now);
        }

        foreach (var link in _links.Values)
        {
            if (link.PullDue <= now && (link.Slots > 0 || link.Busy > 0))
            {
                SendInventory(link);
            }
        }

        StopIfDrained();
    }

    private void BeginDraining()
    {
        if (_draining)
        {
            return;
        }

        _draining = true;
        _drainDue = _clock.Now + _node.Options.Grace + AcknowledgementWait;
        foreach (var link in _links.Values)
        {
            SendInventory(link);
        }

        foreach (var attempt in _node.Occupied)
        {
            attempt.Actor.Tell(new TaskActor.Stop(attempt, StopReason.GivenBack));
        }

        StopIfDrained();
    }

    private void StopIfDrained()
    {
        if (_draining && (_node.Held.Count == 0 || _clock.Now >= _drainDue))
        {
            SendDelta();
            Context.Stop(Self);
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }
}
