using System.Collections.Immutable;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Journal.Dao;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// The journal of Akka.Persistence.Sql with its own way to the database: same plugin id, settings, tables and rows, so
/// that either journal reads what the other wrote, events that refer to payloads over 64 KB excepted; writes are committed in groups and reads use prepared statements.
/// </summary>
/// <remarks>
/// An exception in the returned list would be a rejection, after which the actor lives on with a state ahead of its
/// journal. So nothing is ever rejected: whatever goes wrong faults the call, and the actor stops.
/// </remarks>
public sealed class ActorFlowJournal : SqlWriteJournal
{
    private readonly IJournalStorage _storage;
    private readonly FreshIds _freshIds;
    private readonly Akka.Serialization.Serialization _serialization;
    private readonly ByteArrayJournalSerializer _serializer;

    /// <summary>Made by Akka.Persistence from the plugin's settings.</summary>
    /// <param name="config">The settings of the plugin.</param>
    public ActorFlowJournal(Config config) : base(config)
    {
        var store = PersistenceStoreSetup.Of<ITableStore>(Context.System);
        _storage = store.Journal;
        _freshIds = store.FreshIds;
        _serialization = Context.System.Serialization;
        var settings = new JournalConfig(config.WithFallback(SqlPersistence.DefaultJournalConfiguration));
        // The writer id is this journal's: a retried write is told from another incarnation's by it.
        _serializer = new ByteArrayJournalSerializer(
            settings, _serialization, settings.PluginConfig.TagSeparator, Guid.NewGuid().ToString("N"));
    }

    /// <inheritdoc/>
    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _freshIds.TryTake(persistenceId)
            ? 0
            : await _storage.HighestSequenceNrAsync(persistenceId).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _storage.ReplayAsync(persistenceId, fromSequenceNr, toSequenceNr, max, row => recoveryCallback(Deserialize(row)));

    /// <summary>Starts nothing: the base class would set up its streams and linq2db, which no method here uses.</summary>
    protected override void PreStart()
    {
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var (rows, payloads) = Serialize(messages);
        if (rows.Count > 0)
        {
            await _storage.WriteAsync(rows[0].PersistenceId, rows, payloads, cancellationToken).ConfigureAwait(false);
        }
        // Akka's short way to say that nothing was rejected, not annotated as such.
        return null!;
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _storage.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);

    private (List<JournalRow> Rows, IReadOnlyCollection<KeyValuePair<string, byte[]>> Payloads) Serialize(IEnumerable<AtomicWrite> messages)
    {
        var rows = new List<JournalRow>();
        using var payloads = PayloadCollector.Open();
        foreach (var write in _serializer.Serialize(messages, DateTime.UtcNow.Ticks))
        {
            rows.AddRange(write.Get());
        }
        return (rows, payloads.Collected);
    }

    private Persistent Deserialize(JournalRow row) => new(
        _serialization.Deserialize(row.Message, row.Identifier ?? throw new InvalidOperationException(
            $"{row.PersistenceId}: the event with sequence number {row.SequenceNumber} names no serializer."), row.Manifest),
        row.SequenceNumber,
        row.PersistenceId,
        row.Manifest,
        isDeleted: false,
        ActorRefs.NoSender,
        row.WriterUuid,
        row.Timestamp);
}
