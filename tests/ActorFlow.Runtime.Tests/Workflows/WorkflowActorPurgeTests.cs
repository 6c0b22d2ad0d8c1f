using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorPurgeTests : RunRegionTest
{
    private readonly List<string> _payloads = [];
    private Guid _runId;

    private static readonly WorkflowDefinition Shipping = new() { Name = "shipping", Tasks = [Uses("pack")] };

    private static readonly WorkflowDefinition Ordering = new() { Name = "ordering", Tasks = [Child("ship", "shipping")] };

    public WorkflowActorPurgeTests() => Equip = services => services with
    {
        Index = Store.Index,
        IndexWriter = Sys.ActorOf(Props.Create(() => new IndexWriter(Store.Index, Clock, null))),
        DeletePayloads = id =>
        {
            lock (_payloads)
            {
                _payloads.Add(id);
            }

            return Task.CompletedTask;
        },
    };

    [Fact]
    public async Task A_closed_run_leaves_nothing_but_a_tombstone_and_its_id_is_refused_until_that_is_gone()
    {
        await EndedAsync("old");
        Runs.Tell(new PurgeRun("old", _runId));
        await UntilAsync(() => RowOf("old")?.Purged is not null, "it is purged");

        Assert.Equal(["wf-old"], _payloads);
        Assert.Empty(Snapshots.KeptOf("old"));
        Assert.Empty((await JournalReader.ReadAsync(Sys, "wf-old", 1)).AsEnumerable());
        var start = await StartOfAsync("old", Definitions.Linear(1));
        Assert.Equal("id-conflict", (await AskAsync<WorkflowReply.Refused>(start)).Code);
        Assert.Equal("workflow-not-found", (await AskAsync<WorkflowReply.Refused>(new WorkflowQuery.GetStatus("old"))).Code);

        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await Store.Index.RemoveTombstonesAsync(Clock.GetUtcNow(), 10));
        await AskAsync<WorkflowReply.Accepted>(start);
        await UntilAsync(() => RowOf("old") is { Purged: null, Closed: not null }, "the new one ends");
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

        var attempt = Traffic.Executed.Single().Attempt;
        Runs.Tell(new WorkflowCommand.Report("open", attempt, new(1, 99), new TaskOutcome.Succeeded(Payload.Null)));
        await UntilAsync(() => Traffic.Passivated.Contains("open"), "it ends, and is not purged for what was asked before");
        Runs.Tell(new PurgeRun("open", Guid.NewGuid()));
        await UntilAsync(() => Traffic.Passivated.Count(id => id == "open") == 2, "it has been woken, and left");

        Assert.Null(RowOf("open")!.Purged);
        Assert.Empty(_payloads);
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus("open"));
    }

    [Fact]
    public async Task A_child_is_purged_although_it_owes_its_parent_a_report_whenever_it_is_woken()
    {
        Open();
        await StartAsync("order", Ordering, Shipping);
        await UntilEndedAsync("order", "order/ship");
        await UntilAsync(() => Traffic.Passivated.Contains("order/ship") && Traffic.Passivated.Contains("order"), "both leave");

        Runs.Tell(new PurgeRun("order/ship", RowOf("order/ship")!.RunId));
        await UntilAsync(() => RowOf("order/ship")?.Purged is not null, "it is purged");
        Runs.Tell(new PurgeRun("order", RowOf("order")!.RunId));
        await UntilAsync(() => RowOf("order")?.Purged is not null, "the parent too");
    }

    [Fact]
    public async Task A_terminated_parent_is_purged_although_its_child_is_gone()
    {
        Traffic.Outcome = _ => null;
        Open();
        await StartAsync("order", Ordering, Shipping);
        await UntilAsync(() => ExecutedOf("order/ship").Any(), "the child runs");
        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Terminate("order", Guid.CreateVersion7(), "now"));
        await UntilAsync(() => Traffic.Passivated.Contains("order/ship") && Traffic.Passivated.Contains("order"), "both leave");

        Runs.Tell(new PurgeRun("order/ship", RowOf("order/ship")!.RunId));
        await UntilAsync(() => RowOf("order/ship")?.Purged is not null, "it is purged");
        Runs.Tell(new PurgeRun("order", RowOf("order")!.RunId));
        await UntilAsync(() => RowOf("order")?.Purged is not null, "the parent too");
        Assert.Equal(1, CountOf<WorkflowEvent.Started>("order/ship"));
    }

    [Fact]
    public async Task A_run_that_cannot_be_brought_back_is_marked_as_stuck()
    {
        await EndedAsync("old");
        Plans = new(PersistenceStore.Open(new() { Journal = JournalKind.Memory }).Definitions, Clock);
        var stuck = Sys.ActorOf(Props.Create(() => new RunRegion(Traffic, runs => Services(runs))));

        stuck.Tell(new WorkflowQuery.GetStatus("old"));

        await UntilAsync(() => RowOf("old")!.Status == WorkflowStatus.Stuck, "the list says so");
        Assert.Contains("linear-2@1", RowOf("old")!.Failure!.Message, StringComparison.Ordinal);
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus("old"));
        await UntilAsync(() => RowOf("old")!.Status == WorkflowStatus.Completed, "what goes on puts that right");
    }

    private WorkflowIndexRow? RowOf(string id) => Store.Index.GetAsync(id).Result;

    private async Task EndedAsync(string id)
    {
        Open();
        await StartAsync(id, Definitions.Linear(2) with { CheckpointEvery = 1 });
        await UntilEndedAsync(id);
        await UntilAsync(() => Traffic.Passivated.Contains(id), "it leaves");
        Assert.NotEmpty(Snapshots.KeptOf(id));
        _runId = RowOf(id)!.RunId;
    }
}
