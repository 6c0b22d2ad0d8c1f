namespace ActorFlow.Runtime;

/// <summary>How long to wait before the next repeat of what got no answer: twice as long each time, up to a longest wait.</summary>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest.</param>
internal struct Backoff(TimeSpan first, TimeSpan longest)
{
    private readonly TimeSpan _first = first;

    /// <summary>The wait that comes next.</summary>
    public TimeSpan Wait { get; private set; } = first;

    /// <summary>The wait that comes next, after which the one after it is longer.</summary>
    public TimeSpan Next()
    {
        var wait = Wait;
        Wait = wait * 2 < longest ? wait * 2 : longest;
        return wait;
    }

    /// <summary>Begins with the first wait again.</summary>
    public void Reset() => Wait = _first;
}
