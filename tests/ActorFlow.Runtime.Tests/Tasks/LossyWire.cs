using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>
/// Stands between one host and the queues, each of which takes it for the other: now and then it drops a message, delivers it
/// twice, or after the next one. It ends with its host.
/// </summary>
internal sealed class LossyWire : UntypedActor
{
    private readonly IActorRef _queues;
    private readonly Random _random;
    private readonly Func<double> _noise;
    private IActorRef _host = ActorRefs.Nobody;
    private (IActorRef To, object Message)? _late;

    public LossyWire(IActorRef queues, int seed, Func<double> noise)
    {
        _queues = queues;
        _random = new(seed);
        _noise = noise;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Bind bind:
                _host = bind.Host;
                Context.Watch(_host);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            case WorkerInventory inventory:
                Pass(_queues, inventory with { Host = Self });
                break;
            case SlotsChanged:
                Pass(_queues, message);
                break;
            default:
                Pass(_host, message);
                break;
        }
    }

    private void Pass(IActorRef to, object message)
    {
        var fate = _random.NextDouble() / _noise();
        if (fate < 0.1)
        {
            return;
        }

        if (fate < 0.2 && _late is null)
        {
            _late = (to, message);
            return;
        }

        to.Tell(message, Self);
        if (fate < 0.3)
        {
            to.Tell(message, Self);
        }

        if (_late is { } late)
        {
            _late = null;
            late.To.Tell(late.Message, Self);
        }
    }

    public sealed record Bind(IActorRef Host);
}
