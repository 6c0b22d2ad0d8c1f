namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// The first inventory of a new queue: every worker tells which leases it holds, before the queue leases anything. Until then the queue
/// cannot tell that no worker knows an attempt, so withdrawals wait.
/// </summary>
internal sealed class InitialInventory(QueueIncarnation queue, TaskQueueOptions options, IWorkerDirectory directory)
{
    private readonly HashSet<string> _answered = [];
    private readonly List<Withdraw> _withdrawals = [];
    private TimeSpan _due;

    /// <summary>Whether every worker has answered, or has left, or has had its time.</summary>
    public bool IsDone { get; private set; }

    public void Begin(TimeSpan now) => _due = now + options.InventoryWait;

    /// <summary>Asks every worker that has not answered.</summary>
    /// <returns>Whether the inventory is complete; if not, this is called again.</returns>
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
    /// <returns>Whether it was the last that was missing.</returns>
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
