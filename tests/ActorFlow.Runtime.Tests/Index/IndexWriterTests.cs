using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Index;

public sealed class IndexWriterTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly FakeTimeProvider _time = new(Rows.Noon);
    private readonly ScriptedIndex _index = new();
    private readonly IActorRef _writer;

    public IndexWriterTests()
        : base("akka { loglevel = OFF, test.single-expect-default = 30s, test.default-timeout = 30s }") =>
        _writer = Sys.ActorOf(Props.Create(() => new IndexWriter(_index, _time, null)));

    [Fact]
    public async Task A_row_is_acknowledged_once_it_is_written_and_not_before()
    {
        var run = CreateTestProbe();
        _writer.Tell(new IndexRowChanged(Waiting("a", sequence: 3)), run);
        await Until(() => _index.Pending == 1);
        await run.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));

        _index.Go();

        Assert.Equal(new IndexRowWritten("a", 3), await run.ExpectMsgAsync<IndexRowWritten>());
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_as_one_batch_with_the_newest_row_of_each_run()
    {
        var runs = Enumerable.Range(0, 10).Select(_ => CreateTestProbe()).ToArray();
        _writer.Tell(new IndexRowChanged(Waiting("first")), runs[0]);
        await Until(() => _index.Pending == 1);
        foreach (var sequence in new[] { 1, 3, 2 })
        {
            for (var n = 1; n < 10; n++)
            {
                _writer.Tell(new IndexRowChanged(Waiting($"r{n}", sequence: sequence)), runs[n]);
            }
        }

        _index.Go();
        await runs[0].ExpectMsgAsync(new IndexRowWritten("first", 1));
        await Until(() => _index.Pending == 1);
        _index.Go();

        for (var n = 1; n < 10; n++)
        {
            await runs[n].ExpectMsgAsync(new IndexRowWritten($"r{n}", 3));
            await runs[n].ExpectNoMsgAsync(TimeSpan.Zero);
        }

        Assert.Equal([1, 9], _index.Batches.Select(batch => batch.Length));
        Assert.All(_index.Batches.Last(), row => Assert.Equal(3, row.Sequence));
    }

    [Fact]
    public async Task No_write_holds_more_than_500_rows()
    {
        var run = CreateTestProbe();
        _writer.Tell(new IndexRowChanged(Waiting("first")), run);
        await Until(() => _index.Pending == 1);
        for (var n = 0; n < 1_200; n++)
        {
            _writer.Tell(new IndexRowChanged(Waiting($"r{n}")), run);
        }

        _index.IsOpen = true;
        _index.Go();
        var written = new HashSet<object>();
        await foreach (var answer in run.ReceiveNAsync(1_201))
        {
            written.Add(answer);
        }

        Assert.Equal(1_201, written.Count);
        Assert.Equal([1, 500, 500, 200], _index.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task While_the_store_fails_nothing_is_lost_and_in_the_end_everybody_is_acknowledged_once()
    {
        _index.IsOpen = true;
        _index.Failures = 6;
        var runs = Enumerable.Range(0, 50).Select(_ => CreateTestProbe()).ToArray();
        for (var round = 1; round <= 4; round++)
        {
            for (var n = 0; n < 50; n++)
            {
                // A run repeats what was not acknowledged, now and then with something newer.
                _writer.Tell(new IndexRowChanged(Waiting($"r{n}", sequence: round / 2 + 1)), runs[n]);
            }
        }

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _index.Rows.Count == 50 && _index.Rows.Values.All(row => row.Sequence == 3);
        });

        foreach (var (run, n) in runs.Select((run, n) => (run, n)))
        {
            // The batch that failed, and the newer rows behind it, at most.
            var answers = new List<long>();
            do
            {
                var answer = await run.ExpectMsgAsync<IndexRowWritten>();
                Assert.Equal($"r{n}", answer.WorkflowId);
                answers.Add(answer.Sequence);
            }
            while (answers[^1] < 3);
            await run.ExpectNoMsgAsync(TimeSpan.Zero);
            Assert.Equal(answers.Distinct().Order(), answers);
        }

        Assert.Equal(0, _index.Failures);
    }

    [Fact]
    public async Task Two_senders_of_one_run_are_both_acknowledged()
    {
        _index.IsOpen = true;
        var (old, young) = (CreateTestProbe(), CreateTestProbe());
        _writer.Tell(new IndexRowChanged(Waiting("a", sequence: 4)), old);
        _writer.Tell(new IndexRowChanged(Waiting("a", sequence: 5)), young);

        await old.ExpectMsgAsync(new IndexRowWritten("a", 4));
        await young.ExpectMsgAsync(new IndexRowWritten("a", 5));
        Assert.Equal(5, _index.Rows["a"].Sequence);
    }

    [Fact]
    public async Task That_a_run_runs_is_held_back_for_a_moment_and_what_comes_of_it_until_then_is_one_row()
    {
        _index.IsOpen = true;
        var run = CreateTestProbe();
        _writer.Tell(new IndexRowChanged(Rows.Row("short")), run);
        _writer.Tell(new IndexRowChanged(Rows.Row("long")), run);
        _writer.Tell(new IndexRowChanged(Rows.Row("short", sequence: 2).ClosedAt(Rows.Noon)), run);

        await run.ExpectMsgAsync(new IndexRowWritten("short", 2));
        await run.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        _time.Advance(IndexWriter.Linger);
        await run.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        _time.Advance(IndexWriter.Linger);
        await run.ExpectMsgAsync(new IndexRowWritten("long", 1));

        Assert.Equal(["short", "long"], _index.Batches.Select(batch => Assert.Single(batch).WorkflowId));
        await run.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Draining_waits_for_what_was_sent_before()
    {
        _writer.Tell(new IndexRowChanged(Rows.Row("a")));
        var drained = IndexWriter.DrainAsync(_writer, TimeSpan.FromSeconds(30));
        await Until(() => _index.Pending == 1);
        Assert.False(drained.IsCompleted);

        _index.Go();
        await drained;

        Assert.Single(_index.Rows);
        await IndexWriter.DrainAsync(_writer, TimeSpan.FromSeconds(30));
    }

    /// <summary>A row that is written at once.</summary>
    private static WorkflowIndexRow Waiting(string id, long sequence = 1) => Rows.Row(id, sequence: sequence, status: WorkflowStatus.Waiting);

    private Task Until(Func<bool> condition) =>
        AwaitConditionAsync(() => Task.FromResult(condition()), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(2));

    /// <summary>An index that writes when the test says so, and fails as often as it says.</summary>
    private sealed class ScriptedIndex : IWorkflowIndex
    {
        private readonly ConcurrentQueue<TaskCompletionSource> _pending = [];
        private volatile bool _isOpen;
        private int _failures;

        public int Pending => _pending.Count;

        public bool IsOpen
        {
            set => _isOpen = value;
        }

        public int Failures
        {
            get => Volatile.Read(ref _failures);
            set => Volatile.Write(ref _failures, value);
        }

        public ConcurrentQueue<WorkflowIndexRow[]> Batches { get; } = [];

        public ConcurrentDictionary<string, WorkflowIndexRow> Rows { get; } = new();

        public void Go()
        {
            if (_pending.TryDequeue(out var pending))
            {
                pending.SetResult();
            }
        }

        public async Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
        {
            if (!_isOpen)
            {
                var pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _pending.Enqueue(pending);
                await pending.Task;
            }

            await Task.Yield();
            if (Failures > 0)
            {
                Interlocked.Decrement(ref _failures);
                throw new IOException("the disk is full");
            }

            Batches.Enqueue([.. rows]);
            foreach (var row in rows)
            {
                Rows[row.WorkflowId] = row;
            }
        }

        public Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
            DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
            DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
