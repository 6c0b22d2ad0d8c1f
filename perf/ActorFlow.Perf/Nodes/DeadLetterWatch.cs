using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Perf.Nodes;

/// <summary>Messages of an actor system that found nobody. Those that nobody misses are left out: suppressed ones, and that an old checkpoint is gone.</summary>
internal sealed class DeadLetterWatch : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _listener;

    /// <summary>Begins to watch.</summary>
    /// <param name="system">The system.</param>
    public DeadLetterWatch(ActorSystem system)
    {
        _system = system;
        _listener = system.ActorOf(Props.Create(() => new Listener()));
        system.EventStream.Subscribe(_listener, typeof(AllDeadLetters));
    }

    /// <summary>Those seen so far, each in words.</summary>
    public Task<IReadOnlyList<string>> SeenAsync() => _listener.Ask<IReadOnlyList<string>>(Tell.Instance, TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _system.EventStream.Unsubscribe(_listener);
        _system.Stop(_listener);
        return ValueTask.CompletedTask;
    }

    private sealed class Tell
    {
        public static readonly Tell Instance = new();
    }

    private sealed class Listener : ReceiveActor
    {
        private readonly List<string> _seen = [];

        public Listener()
        {
            Receive<SuppressedDeadLetter>(_ => { });
            // That an old checkpoint is gone is told to a run that may have left memory since; one that is there ignores it.
            Receive<AllDeadLetters>(letter => letter.Message is DeleteSnapshotSuccess, _ => { });
            Receive<AllDeadLetters>(letter => _seen.Add($"{letter.Message.GetType().Name} from {letter.Sender.Path} to {letter.Recipient.Path}"));
            Receive<Tell>(_ => Sender.Tell(_seen.ToArray()));
        }
    }
}
