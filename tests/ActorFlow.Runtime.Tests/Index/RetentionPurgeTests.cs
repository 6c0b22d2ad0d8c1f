using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Index;

public sealed class RetentionPurgeTests : IndexPollingTest
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Old = Rows.Noon - Retention - Step;

    [Fact]
    public async Task Runs_closed_longer_than_the_retention_time_are_purged_in_sets_and_nobody_is_asked()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 2_500).Select(n => Rows.Row($"old-{n}").ClosedAt(Old - TimeSpan.FromSeconds(n)))]);
        await Index.UpsertAsync([Rows.Row("fresh").ClosedAt(Rows.Noon), Rows.Row("open")]);
        Start();
        Start();

        await AdvanceUntil(Step, () => Left() == 2);

        Assert.Empty(Sent);
        Assert.Equal(2_500, await Index.RemoveTombstonesAsync(DateTimeOffset.MaxValue, 10_000));
        Assert.Equal(["fresh", "open"], (await Index.ListAsync(new())).Rows.Select(row => row.WorkflowId).Order());
    }

    [Fact]
    public async Task A_run_that_may_owe_something_is_asked_once_per_interval_and_purged_when_it_has_settled()
    {
        await Index.UpsertAsync([Rows.Row("owes").ClosedAt(Old) with { Owes = RunDebts.Report, Parent = "open" }, Rows.Row("open")]);
        Start();

        await AdvanceUntil(Step, () => Sent.Count == 1);
        Assert.Equal(new PurgeRun("owes", Rows.Run(1)), Assert.Single(Sent));
        var asked = Time.GetUtcNow();
        await AdvanceUntil(Step, () => Sent.Count == 2);
        Assert.InRange(Time.GetUtcNow() - asked, TimeSpan.FromMinutes(10) - Step, TimeSpan.MaxValue);
        Assert.NotNull(await Index.GetAsync("owes"));

        await Index.SettleAsync("owes", Rows.Run(1));
        await AdvanceUntil(Step, () => Left() == 1);

        Assert.NotNull(await Index.PurgedAtAsync("owes"));
        Assert.Equal(2, Sent.Count);
    }

    [Fact]
    public async Task A_tombstone_is_removed_once_nobody_can_repeat_what_the_run_was_asked()
    {
        await Index.UpsertAsync([Rows.Row("a").ClosedAt(Old)]);
        Start();
        await AdvanceUntil(Step, () => Left() == 0);
        var purged = (await Index.PurgedAtAsync("a"))!.Value;

        await AdvanceUntil(TimeSpan.FromMinutes(10), () => Index.PurgedAtAsync("a").Result is null);

        Assert.InRange(Time.GetUtcNow() - purged, RetentionPurge.TombstoneTime, TimeSpan.MaxValue);
        Assert.Empty(Sent);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(60, 360)]
    [InlineData(30 * 24 * 60, 600)]
    public async Task Where_nothing_is_due_the_next_look_waits_for_a_tenth_of_the_retention_time_and_at_most_for_the_interval(int minutes, int seconds)
    {
        var purge = new SlowPurge(Time, microsecondsPerUnit: 1);
        Start(purge, TimeSpan.FromMinutes(minutes));
        var step = TimeSpan.FromSeconds(seconds / 6.0);

        await AdvanceUntil(step, () => purge.Looks.Count >= 4);

        var gaps = purge.Looks.Zip(purge.Looks.Skip(1), (one, next) => next - one).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.FromSeconds(seconds), TimeSpan.MaxValue));
        Assert.InRange(gaps.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(seconds) + (3 * step));
    }

    [Fact]
    public async Task Where_something_was_due_the_next_look_comes_after_a_second_and_then_ever_later()
    {
        var purge = new SlowPurge(Time, microsecondsPerUnit: 1);
        purge.Add([new("a", Rows.Run(1), 1, 1)]);
        Start(purge, Retention);

        await AdvanceUntil(Step / 4, () => purge.Looks.Count >= 4);

        var gaps = purge.Looks.Zip(purge.Looks.Skip(1), (one, next) => next - one).ToList();
        // The clock moves on while the actor looks: at the default of 10 minutes nobody would be as early.
        Assert.InRange(gaps[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.InRange(gaps[1], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60));
        Assert.InRange(gaps[2], TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Failure_rule_33_a_backlog_is_worked_off_in_transactions_of_at_most_20_ms_with_as_much_time_between_them()
    {
        var purge = new SlowPurge(Time, microsecondsPerUnit: 50);
        purge.Add(Enumerable.Range(0, 2_000).Select(n => new DueRun($"r{n}", Rows.Run(1), 3, 3)));
        Start(purge, Retention);
        await AdvanceUntil(Step, () => !purge.Looks.IsEmpty);

        await AdvanceUntil(TimeSpan.FromMilliseconds(1), () => purge.Count == 0);

        var steps = purge.Steps.ToList();
        Assert.Equal(2_000, steps.Sum(step => step.Runs));
        Assert.All(steps, step => Assert.InRange(step.Took, TimeSpan.Zero, PurgePace.Limit));
        Assert.All(
            steps.Zip(steps.Skip(1), (one, next) => next.Begun - one.Begun - one.Took),
            pause => Assert.InRange(pause, TimeSpan.FromMilliseconds(-1), TimeSpan.MaxValue));
    }

    [Fact]
    public async Task A_run_too_large_for_a_transaction_is_deleted_in_parts_and_the_others_follow()
    {
        var purge = new SlowPurge(Time, microsecondsPerUnit: 100);
        purge.Add([new("large", Rows.Run(1), 2_000, 2_000), new("small", Rows.Run(1), 1, 1)]);
        Start(purge, Retention);
        await AdvanceUntil(Step, () => !purge.Looks.IsEmpty);

        await AdvanceUntil(TimeSpan.FromMilliseconds(1), () => purge.Count == 0);

        Assert.InRange(purge.Steps.Count(step => step.Runs == 0), 18, 25);
        Assert.All(purge.Steps, step => Assert.InRange(step.Took, TimeSpan.Zero, PurgePace.Limit));
    }

    [Fact]
    public async Task A_store_that_fails_is_tried_again()
    {
        await Index.UpsertAsync([Rows.Row("a").ClosedAt(Old)]);
        Disk.IsBroken = true;
        Start();
        await AdvanceUntil(Step, () => Time.GetUtcNow() > Rows.Noon.AddMinutes(2));
        Disk.IsBroken = false;
        Assert.NotNull(await Index.GetAsync("a"));

        await AdvanceUntil(Step, () => Left() == 0);

        Assert.NotNull(await Index.PurgedAtAsync("a"));
    }

    private long Left() => Index.CountAsync(new()).Result.Values.Sum();

    private void Start(IRunPurge? purge = null, TimeSpan? retention = null)
    {
        var (deletes, keeps) = (purge ?? Store.Purge, retention ?? Retention);
        Sys.ActorOf(Props.Create(() => new RetentionPurge(Index, deletes, Region, Time, keeps, new IndexOptions(), () => false)));
    }

    /// <summary>A store in which every unit takes its time, by the test's clock.</summary>
    private sealed class SlowPurge(FakeTimeProvider time, int microsecondsPerUnit) : IRunPurge
    {
        private readonly Lock _lock = new();
        private List<DueRun> _due = [];

        public ConcurrentQueue<DateTimeOffset> Looks { get; } = [];

        public ConcurrentQueue<(DateTimeOffset Begun, TimeSpan Took, int Runs)> Steps { get; } = [];

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _due.Count;
                }
            }
        }

        public void Add(IEnumerable<DueRun> runs) => _due.AddRange(runs);

        public Task<ImmutableArray<DueRun>> FindAsync(
            DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default)
        {
            Looks.Enqueue(now);
            lock (_lock)
            {
                return Task.FromResult<ImmutableArray<DueRun>>([.. _due.Take(max)]);
            }
        }

        public Task<DueRun?> FindOneAsync(string workflowId, DateTimeOffset now, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                return Task.FromResult(_due.Find(due => due.WorkflowId == workflowId));
            }
        }

        public Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                _due = [.. _due.Except(runs)];
            }

            return Step(runs.Count, runs.Sum(run => run.Units));
        }

        public Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                _due = [.. _due.Select(due => due == run ? run with { Units = run.Units - units } : due)];
            }

            return Step(0, units);
        }

        private async Task<PurgeStep> Step(int runs, long units)
        {
            await Task.Yield();
            var took = TimeSpan.FromMicroseconds((double)microsecondsPerUnit * units);
            Steps.Enqueue((time.GetUtcNow(), took, runs));
            return new(runs, took);
        }
    }
}
