using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>What whoever asks for a purged run is told, on a whole node; and that a node purges by itself.</summary>
public sealed class PurgedRunsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestDirectory _directory = new();
    private readonly TaskRecorder _tasks = new();
    private readonly ShiftedTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Stock)]
    [InlineData(JournalKind.Memory)]
    public async Task Failure_rule_6_a_late_start_of_a_purged_id_is_refused_until_its_tombstone_is_gone(JournalKind journal)
    {
        await using var host = await StartAsync(journal);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(2) with { CheckpointEvery = 1 });
        await EndAsync(host, definition, "old");
        await EndAsync(host, definition, "kept");
        var found = await Purge(host).FindAsync(DateTimeOffset.MaxValue, _time.GetUtcNow(), 10);
        Assert.Equal(1, (await Purge(host).PurgeAsync([found.Single(run => run.WorkflowId == "old")], _time.GetUtcNow())).Purged);

        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.StatusOfAsync("old")));
        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.SignalAsync("old", "s", Payload.Null)));
        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.RetryAsync("old")));
        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.HistoryAsync("old")));
        Assert.Equal("purged", await RefusalAsync(() => host.Engine.StartAsync("old", definition, Payload.Null)));
        Assert.Equal("purged", await RefusalAsync(() => host.Engine.StartAsync("old", definition, Payload.Null)));
        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync("kept")).Outcome);
        Assert.Equal(4, _tasks.Executions.Count);

        Assert.Equal(1, await Index(host).RemoveTombstonesAsync(DateTimeOffset.MaxValue, 10));
        await EndAsync(host, definition, "old");

        Assert.Equal(6, _tasks.Executions.Count);
        Assert.Equal(1, (await host.Engine.HistoryAsync("old")).Rows[0].Sequence);
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Stock)]
    [InlineData(JournalKind.Memory)]
    public async Task Failure_69_a_client_purges_a_run_of_any_size_and_nobody_answers_from_its_memory(JournalKind journal)
    {
        await using var host = await StartAsync(journal);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(2) with { CheckpointEvery = 1 });
        await host.Engine.StartAsync("large", definition, Payload.FromString(new string('x', 900_000)));
        await host.Engine.StartAsync("kept", definition, Payload.Null);
        await host.Engine.EndOfAsync("large");
        await host.Engine.EndOfAsync("kept");

        await host.Client.PurgeAsync("large");

        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.StatusOfAsync("large")));
        Assert.Equal("purged", await RefusalAsync(() => host.Engine.StartAsync("large", definition, Payload.Null)));
        Assert.NotNull(await Index(host).PurgedAtAsync("large"));
        Assert.Null(await Index(host).GetAsync("large"));
        await host.Client.PurgeAsync("large");
        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync("kept")).Outcome);
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Stock)]
    [InlineData(JournalKind.Memory)]
    public async Task A_checkpoint_that_is_stored_behind_the_purge_does_not_make_a_stuck_run(JournalKind journal)
    {
        await using var host = await StartAsync(journal);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(2) with { CheckpointEvery = 1 });
        await EndAsync(host, definition, "late");
        var snapshots = Akka.Persistence.Persistence.Instance.Apply(host.System).SnapshotStoreFor("");
        var kept = (await NewestAsync()).Snapshot;
        await host.Client.PurgeAsync("late");
        await snapshots.Ask<SaveSnapshotSuccess>(new SaveSnapshot(kept.Metadata, kept.Snapshot), Patience);

        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.StatusOfAsync("late")));
        Assert.Equal("purged", await RefusalAsync(() => host.Engine.StartAsync("late", definition, Payload.Null)));

        Assert.Null((await NewestAsync()).Snapshot);
        Assert.Equal(1, await Index(host).RemoveTombstonesAsync(DateTimeOffset.MaxValue, 10));
        await EndAsync(host, definition, "late");
        Assert.Equal(4, _tasks.Executions.Count);

        Task<LoadSnapshotResult> NewestAsync() => snapshots.Ask<LoadSnapshotResult>(
            new LoadSnapshot(PersistenceIds.Of("late"), SnapshotSelectionCriteria.Latest, long.MaxValue), Patience);
    }

    [Fact]
    public async Task A_run_that_is_purged_while_it_is_in_memory_is_not_opened_again_and_nothing_of_it_runs()
    {
        await using var host = await StartAsync(JournalKind.ActorFlow);
        _tasks.Fail(_ => true, () => new TaskFailure("Boom", "no", retryable: false));
        var definition = await host.Engine.KeepAsync(Definitions.Linear(1));
        await EndAsync(host, definition, "failed");
        var found = await Purge(host).FindAsync(DateTimeOffset.MaxValue, _time.GetUtcNow(), 10);
        // Asked in one breath, so that the retry meets the actor that the question has woken.
        var asked = Enumerable.Range(0, 20).Select(_ => host.Engine.StatusOfAsync("failed")).ToList();
        var purged = Purge(host).PurgeAsync(found, _time.GetUtcNow());
        var refused = await RefusalAsync(() => host.Engine.RetryAsync("failed"));

        Assert.Equal(1, (await purged).Purged);
        Assert.Equal("workflow-not-found", refused);
        await Task.WhenAll(asked.Select(one => ((Task)one).ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Single(_tasks.Executions);
    }

    [Fact]
    public async Task A_fork_goes_on_without_the_run_it_came_from_and_a_later_fork_is_refused()
    {
        await using var host = await StartAsync(JournalKind.ActorFlow);
        var definition = await host.Engine.KeepAsync(Definitions.Linear(2) with { CheckpointEvery = 1 });
        await host.Engine.StartAsync("old", definition, Payload.FromString(new string('x', 100_000)));
        await host.Engine.EndOfAsync("old");
        await ClosedAsync(host, "old");
        var checkpoint = (await host.Engine.CheckpointsAsync("old"))[^1].Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var fork = await host.Engine.ForkAsync("old", checkpoint);
        await host.Engine.EndOfAsync(fork);
        await ClosedAsync(host, fork);
        var found = await Purge(host).FindAsync(DateTimeOffset.MaxValue, _time.GetUtcNow(), 10);
        Assert.Equal(1, (await Purge(host).PurgeAsync([found.Single(run => run.WorkflowId == "old")], _time.GetUtcNow())).Purged);

        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync(fork)).Outcome);
        Assert.Equal(100_002, (await host.Engine.DetailsAsync(fork)).Image.Input.Length);
        Assert.Equal("workflow-not-found", await RefusalAsync(() => host.Engine.ForkAsync("old", checkpoint)));
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Memory)]
    public async Task A_node_purges_what_is_due_by_itself_children_and_parents_too_and_remembers_none_of_it(JournalKind journal)
    {
        await using var host = await StartAsync(journal, retention: TimeSpan.FromSeconds(1));
        var child = new WorkflowDefinition { Name = "child", Tasks = [new() { Id = "t", Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.Null) }] };
        var parent = new WorkflowDefinition
        {
            Name = "parent",
            Tasks = [new() { Id = "c", Kind = new TaskKind.Child("child", null, Payload.Null, ParentClose.Cancel) }],
        };
        var companion = await host.Engine.KeepAsync(child);
        var definition = await host.Engine.KeepAsync(parent);
        var gate = _tasks.Hold(one => one.WorkflowId == "open");
        await host.Engine.StartAsync("open", companion, Payload.Null);
        for (var n = 0; n < 20; n++)
        {
            await host.Engine.StartAsync(new WorkflowStart($"p{n}", definition, Payload.Null) { Companions = [companion] });
        }

        await Eventually.HoldsAsync(async () => await TombstonesAsync(host, 20) == 40, "all but the open one are purged");

        Assert.Equal(21, _tasks.Executions.Count);
        Assert.Equal("open", Assert.Single((await Index(host).ListAsync(new())).Rows).WorkflowId);
        gate.Open();
        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync("open")).Outcome);
    }

    private static async Task<int> TombstonesAsync(TestHost host, int parents)
    {
        var count = 0;
        for (var n = 0; n < parents; n++)
        {
            count += await Index(host).PurgedAtAsync($"p{n}") is null ? 0 : 1;
            count += await Index(host).PurgedAtAsync($"p{n}/c") is null ? 0 : 1;
        }

        return count;
    }

    private static IRunPurge Purge(TestHost host) => host.Services.GetRequiredService<PersistenceStore>().Purge;

    private static IWorkflowIndex Index(TestHost host) => host.Services.GetRequiredService<IWorkflowIndex>();

    private static async Task<string> RefusalAsync(Func<Task> ask) => (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(ask)).Code;

    private static async Task EndAsync(TestHost host, DefinitionReference definition, string id)
    {
        await host.Engine.StartAsync(id, definition, Payload.Null);
        await host.Engine.EndOfAsync(id);
        await ClosedAsync(host, id);
    }

    private static Task ClosedAsync(TestHost host, string id) =>
        Eventually.HoldsAsync(async () => (await Index(host).GetAsync(id))?.Closed is not null, $"{id} is closed in the index");

    private Task<TestHost> StartAsync(JournalKind journal, TimeSpan? retention = null) => TestHost.StartAsync(
        "host",
        _tasks,
        options =>
        {
            (options.Persistence.DataDirectory, options.Persistence.Journal) = (_directory.Path, journal);
            options.Retention = retention ?? TimeSpan.Zero;
            options.Index.PurgeInterval = TimeSpan.FromSeconds(1);
        },
        null,
        _time);
}
