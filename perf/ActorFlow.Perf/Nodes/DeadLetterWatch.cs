using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Perf.Nodes;

/// <summary>Messages of an actor system that found nobody. Those whose senders do not care (suppressed ones) are left out.</summary>
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
            Receive<AllDeadLetters>(letter => _seen.Add($"{letter.Message.GetType().Name} from {letter.Sender.Path} to {letter.Recipient.Path}"));
            Receive<Tell>(_ => Sender.Tell(_seen.ToArray()));
        }
    }
}
