using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Node.Tests.Security;

/// <summary>What is recorded, as time passes and the store fails.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private static readonly ApiCaller Ada = new("ada", ApiRole.Admin);

    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly FailingAudit _stored = new();
    private readonly NodeMetrics _metrics = new(factory: null);
    private readonly AuditTrail _trail;

    public AuditTrailTests() =>
        _trail = new(_stored, new() { AuditRetention = TimeSpan.FromDays(1) }, _metrics, _time, NullLogger<AuditTrail>.Instance);

    public Task InitializeAsync() => _trail.StartAsync(default);

    public async Task DisposeAsync()
    {
        await _trail.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Failure_93_commands_are_written_behind_together_within_100_ms()
    {
        for (var i = 0; i < 3; i++)
        {
            await RecordAsync($"order-{i}");
        }

        Assert.Empty(_stored.Batches);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(!_stored.Batches.IsEmpty);
            },
            "they are written");

        Assert.Equal(3, Assert.Single(_stored.Batches));
        Assert.Equal(["order-2", "order-1", "order-0"], (await ListAsync()).Select(entry => entry.Target).OrderDescending());
    }

    [Fact]
    public async Task A_command_that_is_refused_is_recorded_with_its_code()
    {
        await Assert.ThrowsAsync<WrongStateException>(() => _trail.RecordAsync<bool>(
            Ada, "Workflows.Resume", _ => "order-7", "c1", () => throw WorkflowRefusedException.Of("not-paused", "It is not paused.")));
        await _trail.FlushAsync();

        var entry = Assert.Single(await ListAsync());
        Assert.Equal(("ada", "admin", "Workflows.Resume", "order-7", "c1", "wrong-state"), (entry.Caller, entry.Role, entry.Verb, entry.Target, entry.Command, entry.Outcome));
    }

    [Fact]
    public async Task Failure_93_what_cannot_be_written_is_lost_and_counted_and_holds_nobody_up()
    {
        using var lost = new LostEntries();
        _stored.IsAway = true;

        await RecordAsync("order-7");
        await _trail.FlushAsync();

        Assert.Equal(1, lost.Count);
        _stored.IsAway = false;
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Failure_93_more_than_may_wait_are_lost_and_counted()
    {
        using var lost = new LostEntries();
        _stored.Gate = new();
        await RecordAsync("first");
        var flush = _trail.FlushAsync();

        for (var i = 0; i < AuditTrail.MostWaiting + 5; i++)
        {
            await RecordAsync("more");
        }

        Assert.Equal(5, lost.Count);
        _stored.Gate.SetResult();
        await flush;
        await _trail.FlushAsync();
        Assert.Equal(AuditTrail.MostWaiting + 1, _stored.Batches.Sum());
    }

    [Fact]
    public async Task Failure_93_an_act_of_administration_is_recorded_before_it_is_done_and_its_result_after()
    {
        var before = ImmutableArray<AuditEntry>.Empty;

        await _trail.AdministerAsync(Ada, "Keys.Create", "ci", commandId: null, async () =>
        {
            before = await ListAsync();
            return true;
        });

        var intended = Assert.Single(before);
        Assert.Equal(("intended", "ci"), (intended.Outcome, intended.Target));
        var entries = await ListAsync();
        Assert.Equal(["intended", "ok"], entries.Select(entry => entry.Outcome).Order());
        // What became of it is found by the command.
        Assert.Single(entries.Select(entry => entry.Command).Distinct());
        Assert.NotEmpty(intended.Command);
    }

    [Fact]
    public async Task Failure_93_an_act_that_cannot_be_recorded_is_not_done()
    {
        var done = 0;
        _stored.IsAway = true;

        await Assert.ThrowsAsync<UnavailableException>(() => _trail.AdministerAsync(Ada, "Keys.Create", "ci", "c1", () => Task.FromResult(++done)));

        Assert.Equal(0, done);
    }

    [Fact]
    public async Task Failure_93_an_act_that_failed_is_recorded_as_such()
    {
        await Assert.ThrowsAsync<NotFoundException>(() => _trail.AdministerAsync<bool>(
            Ada, "Workflows.Purge", "nobody", "c1", () => throw WorkflowRefusedException.Of("workflow-not-found", "There is none.")));

        Assert.Equal(["intended", "workflow-not-found"], (await ListAsync()).Select(entry => entry.Outcome).Order());
    }

    [Fact]
    public async Task Failure_93_refusals_are_counted_by_caller_code_and_minute()
    {
        var (junk, weak) = (WorkflowRefusedException.Of("unauthenticated", "No."), WorkflowRefusedException.Of("forbidden", "No."));
        for (var i = 0; i < 1_000; i++)
        {
            _trail.NoteRefusal("af_1@192.0.2.1", ApiRole.None, junk);
        }

        _trail.NoteRefusal("ci", ApiRole.Viewer, weak);
        // What is refused for another reason is an outcome of its command.
        _trail.NoteRefusal("ci", ApiRole.Viewer, WorkflowRefusedException.Of("workflow-not-found", "There is none."));
        await _trail.FlushAsync();
        Assert.Empty(await ListAsync());

        await Eventually.HoldsAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                await _trail.FlushAsync();
                return (await ListAsync()).Length == 2;
            },
            "a minute is over");

        Assert.Equal(
            [("af_1@192.0.2.1", "none", "unauthenticated", 1_000), ("ci", "viewer", "forbidden", 1)],
            (await ListAsync()).Select(entry => (entry.Caller, entry.Role, entry.Outcome, entry.Count)).Order());
    }

    // Whoever guesses keys makes a new name with each of them.
    [Fact]
    public async Task Failure_93_too_many_callers_are_counted_together()
    {
        for (var i = 0; i < AuditTrail.MostRefused + 10; i++)
        {
            _trail.NoteRefusal($"af_{i}@192.0.2.1", ApiRole.None, WorkflowRefusedException.Of("unauthenticated", "No."));
        }

        _trail.RecordRefusals();
        await _trail.FlushAsync();

        var entries = await _stored.ListAsync(new() { Limit = 10_000 });
        Assert.Equal(AuditTrail.MostRefused + 1, entries.Length);
        Assert.Equal(10, entries.Single(entry => entry.Caller == AuditTrail.Others).Count);
    }

    [Fact]
    public async Task What_is_older_than_it_may_be_is_deleted()
    {
        await RecordAsync("old");
        await _trail.FlushAsync();
        _time.Advance(TimeSpan.FromHours(25));
        await RecordAsync("young");
        await _trail.FlushAsync();

        await _trail.PurgeAsync();

        Assert.Equal("young", Assert.Single(await ListAsync()).Target);
    }

    [Fact]
    public async Task A_deletion_that_fails_comes_again()
    {
        _stored.RemovalFailures = new([new StoreWriteException("The disk is full."), new InvalidOperationException("The connection is closed.")]);
        await RecordAsync("old");
        await _trail.FlushAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromHours(1));
                return (await ListAsync()).IsEmpty;
            },
            "what is old is deleted");

        Assert.Empty(_stored.RemovalFailures);
    }

    [Fact]
    public async Task What_is_waiting_when_the_node_stops_is_written()
    {
        await RecordAsync("order-7");
        _trail.NoteRefusal("ci", ApiRole.Viewer, WorkflowRefusedException.Of("forbidden", "No."));

        await _trail.StopAsync(default);

        Assert.Equal(2, (await ListAsync()).Length);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("order-7", "order-7")]
    [InlineData("a\0b\nc\u2028", "a\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("😀", "😀")]
    public void Texts_are_such_as_every_database_takes(string? text, string kept) => Assert.Equal(kept, AuditText.Of(text));

    // Attributes cannot hold such a text.
    [Fact]
    public void Halves_of_surrogate_pairs_are_replaced() => Assert.Equal("\uFFFDä\uFFFD", AuditText.Of("\uD800ä\uDC00"));

    [Fact]
    public void Long_texts_are_cut() => Assert.Equal(AuditText.Longest, AuditText.Of(new string('a', 10_000)).Length);

    private Task RecordAsync(string target) => _trail.RecordAsync(Ada, "Workflows.Pause", _ => target, commandId: null, () => Task.FromResult(true));

    private Task<ImmutableArray<AuditEntry>> ListAsync() => _stored.ListAsync(new() { Limit = 100 });

    /// <summary>Counts what is lost.</summary>
    private sealed class LostEntries : IDisposable
    {
        private readonly System.Diagnostics.Metrics.MeterListener _listener = new();
        private long _count;

        public LostEntries()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "actorflow.audit.lost")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }

    private sealed class FailingAudit : IAuditLog
    {
        private readonly MemoryAuditLog _inner = new();
        private ImmutableQueue<int> _batches = [];

        public bool IsAway { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public ImmutableQueue<int> Batches => _batches;

        public async Task AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken = default)
        {
            var kept = entries.ToList();
            await (Gate?.Task ?? Task.CompletedTask);
            if (IsAway)
            {
                throw new StoreWriteException("The disk is full.");
            }

            await _inner.AddAsync(kept, cancellationToken);
            ImmutableInterlocked.Enqueue(ref _batches, kept.Count);
        }

        public Task<ImmutableArray<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default) => _inner.ListAsync(query, cancellationToken);

        public ConcurrentQueue<Exception> RemovalFailures { get; set; } = [];

        public Task<int> RemoveAsync(DateTimeOffset before, int max, CancellationToken cancellationToken = default) =>
            RemovalFailures.TryDequeue(out var failure) ? Task.FromException<int>(failure) : _inner.RemoveAsync(before, max, cancellationToken);
    }
}
