namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// What a new queue does first: it learns from every worker what that runs, before it hands anything out. Whether nobody knows an
/// attempt is not known until then, so withdrawals wait for it.
/// </summary>
internal sealed class StockTaking(QueueIncarnation queue, TaskQueueOptions options, IWorkerDirectory directory)
{
    private readonly HashSet<string> _answered = [];
    private readonly List<Withdraw> _withdrawals = [];
    private TimeSpan _due;

    /// <summary>Whether every worker has answered, or has left, or has had its time.</summary>
    public bool IsDone { get; private set; }

    public void Begin(TimeSpan now) => _due = now + options.InventoryWait;

    /// <summary>Asks every worker that has not answered.</summary>
    /// <returns>Whether the stock is taken; if not, it is to be asked again.</returns>
    public bool Ask(TimeSpan now)
    {
        var missing = false;
        var request = new InventoryRequest(queue.Name, queue.Epoch);
        foreach (var member in directory.Members)
        {
            if (!_answered.Contains(member.Node))
            {
                missing = true;
                member.Host.Tell(request, queue.Self);
            }
        }

        return IsDone = !missing || now >= _due;
    }

    /// <summary>A worker has answered.</summary>
    /// <returns>Whether the stock is taken with it.</returns>
    public bool Track(string node)
    {
        if (IsDone || !_answered.Add(node))
        {
            return false;
        }

        foreach (var member in directory.Members)
        {
            if (!_answered.Contains(member.Node))
            {
                return false;
            }
        }

        return IsDone = true;
    }

    /// <summary>The queue goes by another epoch: who has answered, answered to the former.</summary>
    public void Restart() => _answered.Clear();

    /// <summary>Keeps a withdrawal for later. The run repeats itself: what is too much is dropped.</summary>
    public void Enqueue(Withdraw withdraw)
    {
        if (_withdrawals.Count < options.Capacity)
        {
            _withdrawals.Add(withdraw);
        }
    }

    /// <summary>The withdrawals that waited.</summary>
    public IReadOnlyList<Withdraw> TakeWithdrawals()
    {
        Withdraw[] all = [.. _withdrawals];
        _withdrawals.Clear();
        return all;
    }
}
