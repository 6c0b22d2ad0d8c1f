using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorPurgeTests : RunRegionTest
{
    private static readonly WorkflowDefinition Shipping = new() { Name = "shipping", Tasks = [Uses("pack")] };

    private static readonly WorkflowDefinition Ordering = new() { Name = "ordering", Tasks = [Child("ship", "shipping")] };

    public WorkflowActorPurgeTests() => Equip = services => services with
    {
        Index = Store.Index,
        IndexWriter = Sys.ActorOf(Props.Create(() => new IndexWriter(Store.Index, Clock, null))),
    };

    [Fact]
    public async Task A_run_that_owes_nothing_is_due_at_once_and_nobody_wakes_it()
    {
        await EndedAsync("old");

        Assert.Equal(RunDebts.None, RowOf("old")!.Owes);
        Assert.Equal("old", Assert.Single(await DueAsync()).WorkflowId);
        Assert.Equal(1, Traffic.Passivated.Count(id => id == "old"));
    }

    [Fact]
    public async Task A_run_that_is_open_and_one_that_took_the_id_since_are_left_alone()
    {
        Traffic.Outcome = _ => null;
        Open();
        await StartAsync("open", Definitions.Linear(1));
        await UntilAsync(() => RowOf("open") is not null, "it is in the index");
        Runs.Tell(new PurgeRun("open", RowOf("open")!.RunId));
        Assert.IsType<WorkflowReply.Status>(await AskAsync<WorkflowReply>(new WorkflowQuery.GetStatus("open")));
        await UntilAsync(() => Traffic.Executed.Any(), "its task runs");
        Assert.Empty(await DueAsync());

        var attempt = Traffic.Executed.Single().Attempt;
        Runs.Tell(new WorkflowCommand.Report("open", attempt, new(1, 99), new TaskOutcome.Succeeded(Payload.Null)));
        await UntilAsync(() => Traffic.Passivated.Contains("open"), "it ends");
        Runs.Tell(new PurgeRun("open", Guid.NewGuid()));
        await UntilAsync(() => Traffic.Passivated.Count(id => id == "open") == 2, "it has been woken, and left");

        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus("open"));
    }

    [Fact]
    public async Task A_child_is_due_once_its_parent_has_ended_or_it_has_told_its_parent_when_asked()
    {
        Traffic.Outcome = one => one.Path == "late" ? null : new TaskOutcome.Succeeded(Payload.Null);
        Open();
        await StartAsync("order", Ordering with { Tasks = [.. Ordering.Tasks, Uses("late", "ship")] }, Shipping);
        await UntilEndedAsync("order/ship");
        await UntilAsync(() => Traffic.Passivated.Contains("order/ship") && RowOf("order/ship")?.Closed is not null, "the child leaves");
        Assert.Equal(RunDebts.Report, RowOf("order/ship")!.Owes);
        Assert.Empty(await DueAsync());

        Runs.Tell(new PurgeRun("order/ship", RowOf("order/ship")!.RunId));
        await UntilAsync(() => RowOf("order/ship")!.Owes == RunDebts.None, "it has said that it owes nothing");
        await UntilAsync(() => Traffic.Passivated.Count(id => id == "order/ship") == 2, "it leaves again");

        Assert.Equal("order/ship", Assert.Single(await DueAsync()).WorkflowId);
    }

    [Fact]
    public async Task A_parent_that_left_a_child_behind_is_due_once_it_has_told_the_child_when_asked()
    {
        Traffic.Outcome = _ => null;
        Open();
        await StartAsync("order", Ordering, Shipping);
        await UntilAsync(() => ExecutedOf("order/ship").Any(), "the child runs");
        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Terminate("order", Guid.CreateVersion7(), "now"));
        await UntilAsync(() => Traffic.Passivated.Contains("order/ship") && Traffic.Passivated.Contains("order"), "both leave");
        Assert.Equal(RunDebts.Children, RowOf("order")!.Owes);
        Assert.Equal("order/ship", Assert.Single(await DueAsync()).WorkflowId);

        Runs.Tell(new PurgeRun("order", RowOf("order")!.RunId));
        await UntilAsync(() => RowOf("order")!.Owes == RunDebts.None, "it has said that it owes nothing");

        Assert.Equal(2, (await DueAsync()).Length);
        Assert.Equal(1, CountOf<WorkflowEvent.Started>("order/ship"));
    }

    [Fact]
    public async Task A_run_that_is_opened_again_is_held_before_it_writes_and_not_purged_under_its_hands()
    {
        Traffic.Outcome = _ => new TaskOutcome.Failed("Boom", "no", Retryable: false, Progress: null);
        Open();
        await StartAsync("failed", Definitions.Linear(1));
        await UntilEndedAsync("failed");
        await UntilAsync(() => Traffic.Passivated.Contains("failed"), "it leaves");
        var found = await DueAsync();
        Assert.Single(found);
        Traffic.Outcome = _ => null;

        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Retry("failed", Guid.CreateVersion7(), null));

        Assert.Equal(0, (await Store.Purge.PurgeAsync(found, Clock.GetUtcNow())).Purged);
        Assert.Empty(await DueAsync());
        Assert.IsType<WorkflowReply.Status>(await AskAsync<WorkflowReply>(new WorkflowQuery.GetStatus("failed")));
        Assert.Equal(1, CountOf<WorkflowEvent.Reopened>("failed"));
    }

    [Fact]
    public async Task A_journal_that_was_purged_while_it_was_read_is_taken_for_no_run()
    {
        Open();
        await StartAsync("old", Definitions.Linear(2));
        await UntilEndedAsync("old");
        await UntilAsync(() => Traffic.Passivated.Contains("old"), "it leaves");
        var executed = Traffic.Executed.Count();
        Journal.ReadsUpTo = 2;

        Runs.Tell(new WorkflowQuery.GetStatus("old"));
        await UntilAsync(() => RowOf("old")!.Status == WorkflowStatus.Stuck, "it says so");

        Assert.Equal(executed, Traffic.Executed.Count());
        Journal.ReadsUpTo = long.MaxValue;
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus("old"));
    }

    [Fact]
    public async Task A_run_that_cannot_be_brought_back_is_marked_as_stuck()
    {
        await EndedAsync("old");
        Plans = new(MemoryPersistence.Open().Definitions, Clock);
        var stuck = Sys.ActorOf(Props.Create(() => new RunRegion(Traffic, runs => Services(runs))));

        stuck.Tell(new WorkflowQuery.GetStatus("old"));

        await UntilAsync(() => RowOf("old")!.Status == WorkflowStatus.Stuck, "the list says so");
        Assert.Contains("linear-2@1", RowOf("old")!.Failure!.Message, StringComparison.Ordinal);
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus("old"));
        await UntilAsync(() => RowOf("old")!.Status == WorkflowStatus.Completed, "what goes on puts that right");
    }

    private WorkflowIndexRow? RowOf(string id) => Store.Index.GetAsync(id).Result;

    private async Task<System.Collections.Immutable.ImmutableArray<DueRun>> DueAsync() =>
        await Store.Purge.FindAsync(DateTimeOffset.MaxValue, Clock.GetUtcNow(), 10);

    private async Task EndedAsync(string id)
    {
        Open();
        await StartAsync(id, Definitions.Linear(2) with { CheckpointEvery = 1 });
        await UntilEndedAsync(id);
        await UntilAsync(() => Traffic.Passivated.Contains(id), "it leaves");
        Assert.NotEmpty(Snapshots.KeptOf(id));
    }
}
