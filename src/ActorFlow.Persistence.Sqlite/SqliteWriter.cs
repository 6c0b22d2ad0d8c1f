using System.Globalization;
using ActorFlow.Runtime;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Writing;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// Writes batches, one transaction each, on the thread of its <see cref="SqliteWriteQueue"/>. A batch that fails because
/// of one write is written again one by one, so that the others live; one that fails because of the disk or a lock is
/// retried until its writes' deadlines.
/// </summary>
internal class SqliteWriter(SqliteDatabase database) : IBatchWriter<ISqliteWrite>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>In bytes; with less, a disk that was full still is.</summary>
    private const long LeastRoom = 256 * 1_024;

    private SqliteStatements? _statements;
    private bool _full;

    public bool IsFailing { get; private set; }

    /// <summary>Opens the write-ahead log while the process goes on starting, and before many readers come at once.</summary>
    public void Warm()
    {
        try
        {
            (_statements ??= new SqliteStatements(Open(database))).Scalar("SELECT COUNT(*) FROM journal WHERE ordering = 0");
        }
        catch (Exception e) when (e is SqliteException or DataDirectoryException)
        {
            // The first write meets it again, and has somebody to tell.
            Reset();
        }
    }

    public void Write(List<PendingWrite<ISqliteWrite>> batch, CancellationToken closing)
    {
        var oneByOne = false;
        var backoff = new Backoff(FirstPause, LongestPause);
        while (batch.Count > 0)
        {
            try
            {
                Transact(batch, oneByOne);
                Works();
                batch.ForEach(pending => pending.Complete());
                return;
            }
            catch (DataDirectoryException e)
            {
                Reset();
                Fail(batch, new StoreWriteException(e.Message, e));
            }
            catch (Exception e) when (SqliteErrors.IsFull(e) && batch.Exists(pending => pending.Write.IsDispensable))
            {
                // The others may well find room without them.
                Reset();
                Fail(TakeDispensable(batch), e);
            }
            catch (Exception e) when (SqliteErrors.IsTransient(e))
            {
                Reset();
                Fails(e);
                Await(batch, backoff.Next(), e, closing);
            }
            catch (Exception) when (!oneByOne)
            {
                Reset();
                oneByOne = true;
            }
            catch (Exception e)
            {
                Reset();
                database.NoteDamage(e);
                Fail(batch, e);
            }
        }
    }

    public void Probe()
    {
        try
        {
            var statements = _statements ??= new SqliteStatements(Open(database));
            statements.Execute("BEGIN IMMEDIATE");
            // What it says already: the page is written all the same.
            statements.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={SqliteSchema.ApplicationId}"));
            Commit(statements);
            if (!_full || HasRoom())
            {
                Works();
            }
        }
        catch (SqliteException)
        {
            Reset();
        }
    }

    public void Close()
    {
        try
        {
            // Leaves one file behind instead of three; whatever else has the database open may prevent it.
            _statements?.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The log is read at the next open.
        }
        Reset();
    }

    /// <summary>Opens the connection; a seam for disks that fail.</summary>
    protected virtual SqliteConnection Open(SqliteDatabase file) => file.OpenWriter();

    /// <summary>Commits; a seam for commits whose answer is lost.</summary>
    protected virtual void Commit(SqliteStatements statements) => statements.Execute("COMMIT");

    private void Fails(Exception error)
    {
        (IsFailing, _full) = (true, SqliteErrors.IsFull(error));
        database.Health.Failed(this, SqliteErrors.Describe(error));
    }

    private void Works()
    {
        if (IsFailing)
        {
            (IsFailing, _full) = (false, false);
            database.Health.Works(this);
        }
    }

    /// <summary>One page may fit where the write that failed does not.</summary>
    private bool HasRoom()
    {
        try
        {
            return new DriveInfo(database.File).AvailableFreeSpace >= LeastRoom;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    private void Transact(List<PendingWrite<ISqliteWrite>> batch, bool oneByOne)
    {
        database.CheckIsSame();
        var statements = _statements ??= new SqliteStatements(Open(database));
        statements.Execute("BEGIN IMMEDIATE");
        foreach (var pending in batch)
        {
            pending.Failure = null;
            if (oneByOne)
            {
                ApplyAlone(pending, statements);
            }
            else
            {
                pending.Write.Apply(statements);
            }
        }
        Commit(statements);
    }

    private void ApplyAlone(PendingWrite<ISqliteWrite> pending, SqliteStatements statements)
    {
        statements.Execute("SAVEPOINT one");
        try
        {
            pending.Write.Apply(statements);
        }
        catch (Exception e) when (!SqliteErrors.IsTransient(e))
        {
            database.NoteDamage(e);
            statements.Execute("ROLLBACK TO one");
            pending.Failure = SqliteErrors.IsUniqueKey(e) ? pending.Write.ExplainConflict(statements, e) : e;
        }
        statements.Execute("RELEASE one");
    }

    /// <summary>Closing the connection rolls back, whatever state the failure left it in.</summary>
    private void Reset()
    {
        try
        {
            _statements?.Dispose();
        }
        catch (SqliteException)
        {
            // Closed all the same.
        }
        _statements = null;
    }

    private void Await(List<PendingWrite<ISqliteWrite>> batch, TimeSpan pause, Exception error, CancellationToken closing)
    {
        batch.ForEach(pending => pending.Return());
        closing.WaitHandle.WaitOne(pause);
        var expired = batch.FindAll(pending => pending.Deadline.HasPassed || closing.IsCancellationRequested);
        Fail(expired.FindAll(pending => pending.TryBegin()), error);
        batch.RemoveAll(pending => expired.Contains(pending) || !pending.TryBegin());
    }

    private static List<PendingWrite<ISqliteWrite>> TakeDispensable(List<PendingWrite<ISqliteWrite>> batch)
    {
        var taken = batch.FindAll(pending => pending.Write.IsDispensable);
        batch.RemoveAll(taken.Contains);
        return taken;
    }

    private void Fail(List<PendingWrite<ISqliteWrite>> writes, Exception error) =>
        Fail(writes, new StoreWriteException($"{database.File} could not be written: {SqliteErrors.Describe(error)}.", error));

    private static void Fail(List<PendingWrite<ISqliteWrite>> writes, StoreWriteException failure)
    {
        writes.ForEach(pending => pending.Fail(failure));
        writes.Clear();
    }
}
