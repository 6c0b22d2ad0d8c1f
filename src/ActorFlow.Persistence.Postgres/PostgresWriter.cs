using ActorFlow.Runtime;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Writing;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// Writes batches, one transaction and one round trip each. A batch that fails because of one write is halved until that one is
/// alone, so that the others live; one that fails because of the server or the way to it is retried until its writes' deadlines.
/// </summary>
/// <remarks>
/// When a connection is lost, nobody knows whether its transaction was committed, or will be: the server may still be at it. What is
/// there is therefore looked up before anything is written again, and where it comes later, the unique key of the journal refuses
/// the second of the two, whichever it is. Everything else may be written twice.
/// </remarks>
internal class PostgresWriter(PostgresDatabase database) : IBatchWriter<IPostgresWrite>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private PostgresSession? _session;

    public bool IsFailing { get; private set; }

    public void Warm()
    {
        try
        {
            (_session ??= Open()).Scalar("SELECT 1 FROM journal LIMIT 1");
        }
        catch (NpgsqlException)
        {
            // The first write meets it again, and has somebody to tell.
            Reset();
        }
    }

    public void Write(List<PendingWrite<IPostgresWrite>> batch, CancellationToken closing)
    {
        var unknown = false;
        var backoff = new Backoff(FirstPause, LongestPause);
        while (batch.Count > 0)
        {
            try
            {
                Try(batch, ref unknown);
                Works();
                batch.ForEach(pending => pending.Complete());
                return;
            }
            catch (Exception e) when (PostgresErrors.IsFull(e) && batch.Exists(pending => pending.Write.IsDispensable))
            {
                // The others may well find room without them.
                var dispensable = batch.FindAll(pending => pending.Write.IsDispensable);
                batch.RemoveAll(dispensable.Contains);
                Fail(dispensable, e, unknown: false);
            }
            catch (Exception e) when (PostgresErrors.IsTransient(e))
            {
                IsFailing = true;
                database.Health.Failed(this, PostgresErrors.Describe(e));
                Await(batch, backoff.Next(), e, unknown, closing);
            }
            catch (Exception) when (batch.Count > 1)
            {
                Write(batch.GetRange(0, batch.Count / 2), closing);
                Write(batch.GetRange(batch.Count / 2, batch.Count - (batch.Count / 2)), closing);
                return;
            }
            catch (Exception e)
            {
                Fail(batch, e, unknown: false);
            }
        }
    }

    public void Probe()
    {
        try
        {
            if (_session is { IsBroken: true })
            {
                Reset();
            }

            // Written to the log of the server, and to nothing else.
            (_session ??= Open()).Scalar("SELECT 1 FROM pg_logical_emit_message(true, 'actorflow', '')");
            Works();
        }
        catch (Exception e) when (PostgresErrors.IsTransient(e))
        {
            Reset();
        }
        catch (NpgsqlException)
        {
            // It answers, if only that this is not allowed: whether it can write, the next write tells.
            Works();
        }
    }

    public void Close() => Reset();

    /// <summary>Opens a session.</summary>
    protected PostgresSession Open() => database.OpenWriter();

    /// <summary>Does it all in one transaction; a seam for transactions that wait or whose answer is lost.</summary>
    protected virtual void Commit(PostgresBatch batch, PostgresSession session) => batch.Execute(session);

    /// <param name="batch">What is left to write; what turns out to be stored is completed and taken out.</param>
    /// <param name="unknown">Whether an earlier try may have been committed; and whether this one may have been.</param>
    private void Try(List<PendingWrite<IPostgresWrite>> batch, ref bool unknown)
    {
        if (_session is { IsBroken: true })
        {
            Reset();
        }

        var session = _session ??= Open();
        if (unknown)
        {
            TakeStored(batch, session).ForEach(pending => pending.Complete());
        }

        var together = new PostgresBatch();
        batch.ForEach(pending =>
        {
            pending.Failure = null;
            pending.Write.AddTo(together);
        });
        try
        {
            Commit(together, session);
        }
        catch (PostgresException e) when (batch.Count == 1 && PostgresErrors.IsUniqueKey(e))
        {
            batch[0].Failure = batch[0].Write.ExplainConflict(session, e);
        }
        catch (Exception e)
        {
            unknown |= PostgresErrors.LeavesUnknown(e);
            throw;
        }
    }

    private static List<PendingWrite<IPostgresWrite>> TakeStored(List<PendingWrite<IPostgresWrite>> batch, PostgresSession session)
    {
        var stored = batch.FindAll(pending => pending.Write.IsStored(session));
        batch.RemoveAll(stored.Contains);
        return stored;
    }

    private void Works()
    {
        if (IsFailing)
        {
            IsFailing = false;
            database.Health.Works(this);
        }
    }

    private void Reset()
    {
        _session?.Dispose();
        _session = null;
    }

    /// <summary>Until the next try a write may be withdrawn, unless it may be stored.</summary>
    private void Await(List<PendingWrite<IPostgresWrite>> batch, TimeSpan pause, Exception error, bool unknown, CancellationToken closing)
    {
        if (!unknown)
        {
            batch.ForEach(pending => pending.Return());
        }

        closing.WaitHandle.WaitOne(pause);
        if (!unknown)
        {
            batch.RemoveAll(pending => !pending.TryBegin());
        }

        var expired = batch.FindAll(pending => pending.Deadline.HasPassed || closing.IsCancellationRequested);
        batch.RemoveAll(expired.Contains);
        Fail(expired, error, unknown);
    }

    private void Fail(List<PendingWrite<IPostgresWrite>> writes, Exception error, bool unknown)
    {
        var what = unknown ? "does not say whether it was written" : "could not be written";
        var failure = new StoreWriteException($"{database.Name} {what}: {PostgresErrors.Describe(error)}.", error);
        writes.ForEach(pending => pending.Fail(failure));
        writes.Clear();
    }
}
