using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Signals that no task has consumed yet, and executions that wait for one: for each name, the oldest signal goes to the longest wait.</summary>
internal struct SignalBuffer()
{
    private static readonly ImmutableDictionary<string, ImmutableQueue<SignalImage>> NoSignals =
        ImmutableDictionary.Create<string, ImmutableQueue<SignalImage>>(StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, ImmutableSortedSet<SignalWait>> NoWaits =
        ImmutableDictionary.Create<string, ImmutableSortedSet<SignalWait>>(StringComparer.Ordinal);

    private static readonly ImmutableSortedSet<string> NoNames = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private ImmutableDictionary<string, ImmutableQueue<SignalImage>> _kept = NoSignals;
    private ImmutableDictionary<string, ImmutableSortedSet<SignalWait>> _waits = NoWaits;
    private ImmutableSortedSet<string> _deliverable = NoNames;

    /// <summary>How many signals are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the next signal.</summary>
    public long NextSignal { get; private set; }

    /// <summary>The number of the next wait.</summary>
    public long NextWait { get; private set; }

    /// <summary>The first name under which there is both a signal and an execution that waits for it; null means that there is none.</summary>
    public readonly string? Deliverable => _deliverable.IsEmpty ? null : _deliverable.Min;

    /// <summary>The signals that are kept, in the order in which they came.</summary>
    public readonly IEnumerable<SignalImage> InOrder => _kept.Values.SelectMany(queue => queue).OrderBy(signal => signal.Number);

    /// <summary>All executions that wait for a signal.</summary>
    public readonly IEnumerable<SignalWait> Waits => _waits.Values.SelectMany(waits => waits);

    /// <summary>The longest waiting execution for the name, and the oldest signal.</summary>
    public readonly (TaskExecutionId Execution, Payload Payload) NextDelivery(string name) => (_waits[name].Min.Execution, _kept[name].Peek().Payload);

    public void Receive(string name, Payload payload)
    {
        _kept = _kept.SetItem(name, _kept.GetValueOrDefault(name, []).Enqueue(new(NextSignal, name, payload)));
        NextSignal++;
        Count++;
        ListDelivery(name);
    }

    /// <summary>Consumes the oldest signal of the name.</summary>
    public Payload Take(string name)
    {
        var rest = _kept[name].Dequeue(out var signal);
        _kept = rest.IsEmpty ? _kept.Remove(name) : _kept.SetItem(name, rest);
        Count--;
        ListDelivery(name);
        return signal.Payload;
    }

    /// <summary>The number of a wait that begins.</summary>
    public long BeginWait() => NextWait++;

    public void AddWait(string name, SignalWait wait)
    {
        _waits = _waits.SetItem(name, _waits.GetValueOrDefault(name, []).Add(wait));
        ListDelivery(name);
    }

    public void RemoveWait(string name, SignalWait wait)
    {
        var rest = _waits[name].Remove(wait);
        _waits = rest.IsEmpty ? _waits.Remove(name) : _waits.SetItem(name, rest);
        ListDelivery(name);
    }

    /// <summary>Takes the signals of an image, without waits, which are listed again later. Numbers are never given twice.</summary>
    public void TakeUp(RunImage image)
    {
        (_kept, _waits, _deliverable, Count) = (NoSignals, NoWaits, NoNames, image.Signals.Length);
        (NextSignal, NextWait) = (Math.Max(NextSignal, image.NextSignal), image.NextWait);
        foreach (var signal in image.Signals)
        {
            _kept = _kept.SetItem(signal.Name, _kept.GetValueOrDefault(signal.Name, []).Enqueue(signal));
        }
    }

    private void ListDelivery(string name) =>
        _deliverable = _kept.ContainsKey(name) && _waits.ContainsKey(name) ? _deliverable.Add(name) : _deliverable.Remove(name);
}

/// <summary>An execution that waits for a signal; the longest wait is first.</summary>
internal readonly record struct SignalWait(long Number, TaskExecutionId Execution) : IComparable<SignalWait>
{
    public int CompareTo(SignalWait other) => Number.CompareTo(other.Number);
}
