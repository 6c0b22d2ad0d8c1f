using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ActorFlow.Runtime.Watching;

/// <summary>Changes of many runs for one reader. What a slow reader does not take in time is dropped and counted. Dispose it to end the stream.</summary>
/// <param name="filter">The runs that it is about.</param>
/// <param name="release">Ends the stream.</param>
internal sealed class ChangeStream(WatchFilter filter, Action<ChangeStream> release) : IDisposable
{
    /// <summary>How many changes wait for the reader at most.</summary>
    public const int Capacity = 1_000;

    private readonly Channel<WorkflowSummary> _changes = Channel.CreateBounded<WorkflowSummary>(Capacity);
    private long _dropped;

    /// <summary>Takes a change in, unless the filter leaves it out.</summary>
    /// <returns>Whether it was dropped.</returns>
    public bool Offer(WorkflowSummary change)
    {
        if (!filter.Fits(change) || _changes.Writer.TryWrite(change))
        {
            return false;
        }

        Drop(1);
        return true;
    }

    /// <summary>Counts changes that were dropped before they came here.</summary>
    public void Drop(long count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Reads the changes from now on.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<WorkflowChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new(change, Interlocked.Exchange(ref _dropped, 0));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => release(this);
}
