using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>What a new queue does first: it learns from every worker what that runs, before it hands anything out.</summary>
public sealed partial class TaskQueue
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _answered = [];
    private bool _takingStock = true;
    private TimeSpan _stockDue;
    private ITimer? _askTimer;

    private void BeginTakingStock()
    {
        _stockDue = _clock.Now + _options.InventoryWait;
        _askTimer = _clock.Create(AskAgain.Instance);
        AskForInventories();
    }

    /// <summary>Asks every worker that has not answered, until all have, or have left, or have had their time.</summary>
    private void AskForInventories()
    {
        if (!_takingStock)
        {
            return;
        }

        var missing = false;
        var request = new InventoryRequest(_name, _epoch);
        foreach (var member in _directory.Members)
        {
            if (!_answered.Contains(member.Node))
            {
                missing = true;
                member.Host.Tell(request, Self);
            }
        }

        if (missing && _clock.Now < _stockDue)
        {
            _askTimer!.Change(AskInterval, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Open();
        }
    }

    private void OpenIfAllHaveAnswered()
    {
        foreach (var member in _directory.Members)
        {
            if (!_answered.Contains(member.Node))
            {
                return;
            }
        }

        Open();
    }

    private void Open()
    {
        _takingStock = false;
        foreach (var withdraw in _withdrawals)
        {
            TakeBack(withdraw);
        }

        _withdrawals.Clear();
    }

    /// <summary>A worker has heard of a newer queue than this one.</summary>
    private void Overtaken(long epoch)
    {
        if (_takingStock)
        {
            // The former queue's clock was ahead. Nothing was handed out yet: go by a newer name.
            _epoch = Math.Max(_epoch, epoch) + 1;
            _answered.Clear();
            AskForInventories();
        }
        else
        {
            _log.Warning("Queue {0} stops: a newer incarnation of it is known to a worker.", _name);
            Context.Stop(Self);
        }
    }
}
