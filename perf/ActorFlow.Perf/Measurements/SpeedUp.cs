using System.Diagnostics;

namespace ActorFlow.Perf.Measurements;

/// <summary>How many completed in each tenth of a second since it was made; any thread may count.</summary>
/// <param name="length">For how long it counts.</param>
internal sealed class SpeedUp(TimeSpan length)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    // Shorter than half a second, and a single collection of garbage decides.
    private const int SlicesAtOnce = 5;

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly int[] _slices = new int[(int)Math.Ceiling(length / Slice)];
    private int _count;

    /// <summary>Whether its time is over.</summary>
    public bool IsOver => Stopwatch.GetElapsedTime(_begun) >= length;

    /// <summary>How many completed, those after its time as well.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts one that has completed now.</summary>
    public void Completed() => CompletedAt(Stopwatch.GetElapsedTime(_begun));

    /// <summary>Counts one.</summary>
    /// <param name="at">When it completed, since the beginning.</param>
    public void CompletedAt(TimeSpan at)
    {
        Interlocked.Increment(ref _count);
        if ((int)(at / Slice) is var slice && slice < _slices.Length)
        {
            Interlocked.Increment(ref _slices[slice]);
        }
    }

    /// <summary>How many completed in a second.</summary>
    /// <param name="from">From when on, in whole tenths of a second.</param>
    /// <param name="until">Until when.</param>
    public double Rate(TimeSpan from, TimeSpan until) => _slices[SliceOf(from)..SliceOf(until)].Sum() / (until - from).TotalSeconds;

    /// <summary>When a speed was reached: the beginning of the first half second that had it.</summary>
    /// <param name="perSecond">The speed.</param>
    /// <returns>That time since the beginning; all of the length means never.</returns>
    public TimeSpan Until(double perSecond)
    {
        for (var slice = 0; slice + SlicesAtOnce <= _slices.Length; slice++)
        {
            if (Rate(slice * Slice, (slice + SlicesAtOnce) * Slice) >= perSecond)
            {
                return slice * Slice;
            }
        }

        return length;
    }

    private int SliceOf(TimeSpan at) => (int)Math.Round(at / Slice);
}
