using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence.Writing;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// The journal of Akka.Persistence.Sql with its own way to the database: same plugin id, settings, tables and rows, so
/// that either journal reads what the other wrote, events that refer to payloads over 64 KB excepted; writes are committed in groups and reads use prepared statements.
/// </summary>
/// <remarks>
/// Writes do not pass through the base class, which has a circuit breaker, a copy of every event and a further actor for each: an
/// actor has one write under way at a time, so that its answers are in order, and the writer retries by itself. Nothing is ever
/// rejected, after which an actor would live on with a state ahead of its journal: whatever goes wrong fails the write, and the actor stops.
/// </remarks>
internal sealed class ActorFlowJournal : SqlWriteJournal
{
    private readonly IJournalStorage _storage;
    private readonly FreshIds _freshIds;
    private readonly Akka.Serialization.Serialization _serialization;
    private readonly ExtendedActorSystem _system;
    private readonly CallTimeouts _timeouts;
    private readonly AnswersDue _answers;
    private readonly NodeMetrics _metrics;

    // The writer id is this journal's: a retried write is told from another incarnation's by it.
    private readonly string _writer = Guid.NewGuid().ToString("N");

    /// <summary>Made by Akka.Persistence from the plugin's settings.</summary>
    /// <param name="config">The settings of the plugin.</param>
    public ActorFlowJournal(Config config) : base(config)
    {
        var store = PersistenceStoreSetup.Of<ITableStore>(Context.System);
        _storage = store.Journal;
        _freshIds = store.FreshIds;
        _system = (ExtendedActorSystem)Context.System;
        _serialization = _system.Serialization;
        _timeouts = new(store.CallTimeout);
        _answers = new(Self, Context.GetLogger());
        _metrics = NodeMetrics.Of(Context.System);
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
    protected override bool AroundReceive(Receive receive, object message)
    {
        if (message is not WriteMessages write)
        {
            return base.AroundReceive(receive, message);
        }

        Write(write);
        return true;
    }

    /// <summary>Never called: see <see cref="AroundReceive"/>.</summary>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Writes do not pass through the base class.");

    private void Write(WriteMessages write)
    {
        var call = new JournalCall(write, _answers, _timeouts.Length);
        try
        {
            var (rows, payloads) = Serialize(write);
            if (rows.Count == 0)
            {
                call.Completed(failure: null);
                return;
            }

            IWriteCompletion end = _metrics.JournalWriteDuration.Enabled ? new MeasuredWrite(call, _metrics) : call;
            _storage.Write(rows[0].PersistenceId, rows, payloads, end, _timeouts.Next());
        }
        catch (Exception error)
        {
            call.Completed(error);
        }
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _storage.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);

    private (List<JournalRow> Rows, IReadOnlyCollection<KeyValuePair<string, byte[]>> Payloads) Serialize(WriteMessages write)
    {
        var rows = new List<JournalRow>(1);
        using var payloads = PayloadCollector.Open();
        var timestamp = DateTime.UtcNow.Ticks;
        var envelopes = JournalAnswers.EnvelopesOf(write);
        for (var i = 0; i < envelopes.Count; i++)
        {
            if (envelopes[i] is AtomicWrite atomic)
            {
                var events = JournalAnswers.EventsOf(atomic);
                for (var j = 0; j < events.Count; j++)
                {
                    rows.Add(RowOf(events[j], timestamp));
                }
            }
        }

        return (rows, payloads.Collected);
    }

    private JournalRow RowOf(IPersistentRepresentation one, long timestamp)
    {
        var (payload, tags) = one.Payload is Tagged tagged ? (tagged.Payload, [.. tagged.Tags]) : (one.Payload, Array.Empty<string>());
        var serializer = _serialization.FindSerializerFor(payload);
        return new()
        {
            PersistenceId = one.PersistenceId,
            SequenceNumber = one.SequenceNr,
            Timestamp = timestamp,
            Message = Akka.Serialization.Serialization.WithTransport(
                _system, (serializer, payload), static what => what.serializer.ToBinary(what.payload)),
            Manifest = Akka.Serialization.Serialization.ManifestFor(serializer, payload),
            Identifier = serializer.Identifier,
            WriterUuid = _writer,
            TagArray = tags,
        };
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
