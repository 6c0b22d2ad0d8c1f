using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// The mailbox of a run, which takes almost no memory while it is empty. Akka's own takes more than a kilobyte, and most runs of a node
/// wait most of the time.
/// </summary>
/// <remarks>The settings of the node name it (<see cref="Path"/>), and Akka makes it.</remarks>
internal sealed class RunMailbox : MailboxType, IProducesMessageQueue<RunMailbox.MessageQueue>
{
    /// <summary>Its path in the settings.</summary>
    public const string Path = "actorflow.run-mailbox";

    /// <summary>Made by Akka.</summary>
    /// <param name="settings">The settings of the system.</param>
    /// <param name="config">The settings of the mailbox.</param>
    public RunMailbox(Settings settings, Config config) : base(settings, config)
    {
    }

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new MessageQueue();

    /// <summary>A ring buffer that grows as necessary, and is freed once it is empty. Thread-safe.</summary>
    public sealed class MessageQueue : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
    {
        private const int Smallest = 4;
        private const int LargestKept = 16;

        private readonly Lock _lock = new();
        private Envelope[] _ring = [];
        private int _head;
        private volatile int _count;

        /// <inheritdoc/>
        public bool HasMessages => _count > 0;

        /// <inheritdoc/>
        public int Count => _count;

        /// <inheritdoc/>
        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            lock (_lock)
            {
                MakeRoom();
                _ring[(_head + _count) & (_ring.Length - 1)] = envelope;
                _count++;
            }
        }

        /// <inheritdoc/>
        public void EnqueueFirst(Envelope envelope)
        {
            lock (_lock)
            {
                MakeRoom();
                _head = (_head - 1) & (_ring.Length - 1);
                _ring[_head] = envelope;
                _count++;
            }
        }

        /// <inheritdoc/>
        public bool TryDequeue(out Envelope envelope)
        {
            lock (_lock)
            {
                if (_count == 0)
                {
                    envelope = default;
                    return false;
                }

                envelope = _ring[_head];
                _ring[_head] = default;
                _head = (_head + 1) & (_ring.Length - 1);
                _count--;
                if (_count == 0 && _ring.Length > LargestKept)
                {
                    (_ring, _head) = ([], 0);
                }

                return true;
            }
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope))
            {
                deadletters.Enqueue(owner, envelope);
            }
        }

        private void MakeRoom()
        {
            if (_count < _ring.Length)
            {
                return;
            }

            var larger = new Envelope[Math.Max(Smallest, _ring.Length * 2)];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
            }

            (_ring, _head) = (larger, 0);
        }
    }
}
