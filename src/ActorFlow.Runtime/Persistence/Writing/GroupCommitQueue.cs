using System.Diagnostics.CodeAnalysis;
using ActorFlow.Runtime.Telemetry;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>Commits batches for a <see cref="GroupCommitQueue{TWrite}"/>, on its thread.</summary>
internal interface IBatchWriter<TWrite>
{
    /// <summary>Whether the last that was written, or tried, failed by the state of the machine.</summary>
    bool IsFailing { get; }

    /// <summary>Gets ready while the process goes on starting; fails without a word.</summary>
    void Warm();

    /// <summary>Brings every write to its end: completed or failed.</summary>
    /// <param name="batch">The writes, begun.</param>
    /// <param name="closing">Once cancelled, nothing is retried any more.</param>
    void Write(List<PendingWrite<TWrite>> batch, CancellationToken closing);

    /// <summary>Tries whether it can write again, as long as nothing is to be written that would tell; fails without a word.</summary>
    void Probe();

    /// <summary>Closes the connection.</summary>
    void Close();
}

/// <summary>
/// A thread that commits together whatever waits, in the order asked. It never lingers to fill a batch: the commit in flight does
/// that. Safe for all threads.
/// </summary>
internal sealed class GroupCommitQueue<TWrite> : IAsyncDisposable
{
    /// <summary>The most rows of one transaction, unless a single write has more.</summary>
    public const int BatchRows = 400;

    /// <summary>How long what is queued at the end may still be retried.</summary>
    private static readonly TimeSpan LastTries = TimeSpan.FromSeconds(2);

    /// <summary>How often a store that fails is tried while nothing is to be written.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly WorkQueue<PendingWrite<TWrite>> _queue = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly IBatchWriter<TWrite> _writer;
    private readonly TimeSpan _retryWindow;
    private readonly Func<TWrite, int> _rows;
    private readonly BatchMeter _batches;

    /// <summary>Starts the thread.</summary>
    /// <param name="writer">Commits; used by that thread only.</param>
    /// <param name="retryWindow">How long a write may be retried, from now on.</param>
    /// <param name="rows">About how many rows a write has: batches are cut by rows.</param>
    /// <param name="batches">Measures the batches.</param>
    /// <param name="thread">The thread's name.</param>
    public GroupCommitQueue(IBatchWriter<TWrite> writer, TimeSpan retryWindow, Func<TWrite, int> rows, BatchMeter batches, string thread)
    {
        _writer = writer;
        _retryWindow = retryWindow;
        _rows = rows;
        _batches = batches;
        // Unsafe: what it does belongs to no trace, in whatever trace the store was opened.
        new Thread(Run) { IsBackground = true, Name = thread }.UnsafeStart();
    }

    /// <summary>Queues a write; the task completes when it is durable.</summary>
    /// <exception cref="StoreWriteException">It is not stored, or the store is closed.</exception>
    public Task WriteAsync(TWrite write, CancellationToken withdraw)
    {
        var end = new WriteTask();
        Write(write, end, withdraw);
        return end.Task;
    }

    /// <summary>Queues a write.</summary>
    /// <param name="write">The write.</param>
    /// <param name="end">Told what became of it: by a <see cref="StoreWriteException"/> if it is not stored, or the store is closed.</param>
    /// <param name="withdraw">Withdraws it as long as it is queued.</param>
    public void Write(TWrite write, IWriteCompletion end, CancellationToken withdraw)
    {
        var pending = new PendingWrite<TWrite>(write, Deadline.After(_retryWindow), end);
        pending.WithdrawOn(withdraw);
        if (!_queue.TryAdd(pending))
        {
            pending.Fail(new StoreWriteException("The store is closed."));
        }
    }

    /// <summary>Takes no more writes, finishes the queued ones and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        _closing.CancelAfter(LastTries);
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<PendingWrite<TWrite>>();
        try
        {
            _writer.Warm();
            while (TryTake(out var first))
            {
                batch.Clear();
                Collect(first, batch);
                _writer.Write(batch, _closing.Token);
                _batches.Note(batch.Count);
            }
        }
        catch (Exception e)
        {
            // Never expected: the writer answers every failure. Should it happen, nobody may wait for ever.
            _queue.Close();
            batch.ForEach(pending => pending.Fail(e));
            while (_queue.TryTake(out var pending))
            {
                pending.Fail(e);
            }
        }
        finally
        {
            _writer.Close();
            _ended.SetResult();
        }
    }

    private bool TryTake([NotNullWhen(true)] out PendingWrite<TWrite>? first)
    {
        while (_writer.IsFailing && !_queue.IsClosed)
        {
            if (_queue.TryTake(out first, ProbeInterval))
            {
                return true;
            }

            if (!_queue.IsClosed)
            {
                _writer.Probe();
            }
        }

        return _queue.TryTake(out first, Timeout.InfiniteTimeSpan);
    }

    private void Collect(PendingWrite<TWrite> first, List<PendingWrite<TWrite>> batch)
    {
        var rows = 0;
        var next = first;
        do
        {
            if (next.TryBegin())
            {
                batch.Add(next);
                rows += _rows(next.Write);
            }
        }
        while (rows < BatchRows && _queue.TryTake(out next));
    }
}
