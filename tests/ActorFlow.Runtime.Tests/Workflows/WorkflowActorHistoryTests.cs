using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using ActorFlow.TestSupport;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class WorkflowActorHistoryTests : WorkflowActorTest
{
    private static readonly Payload Large = Payload.FromString(new string('x', 900 * 1024));

    [Fact]
    public async Task A_page_of_large_rows_is_cut_by_bytes_and_the_next_goes_on_behind_it()
    {
        await StartAsync(Definitions.Linear(12));
        Steps(11, Large);

        var pages = Pages(1_000);

        Assert.Equal(Journal.RowsOf(Id).Count, pages.Sum(page => page.Rows.Length));
        Assert.Equal(Enumerable.Range(1, 12).Select(number => (long)number), pages.SelectMany(page => page.Rows).Select(row => row.Sequence));
        Assert.Equal(Journal.RowsOf(Id).SelectMany(row => row.Commits), pages.SelectMany(page => page.Rows).SelectMany(row => row.Commits));
        Assert.All(pages, page => Assert.InRange(page.Rows.Sum(MessageSizeLimits.SizeOf), 1, MessageSizeLimits.Page));
        Assert.InRange(pages.Count, 5, 7);
    }

    [Fact]
    public async Task A_row_larger_than_a_page_is_a_page_by_itself()
    {
        await StartAsync(Definitions.Fan(4));
        var orders = ExpectOffer().Orders;
        Journal.Hold();
        Tell(ReportOf(orders[0], new TaskOutcome.Succeeded(Payload.Null)));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        foreach (var order in orders[1..])
        {
            // Just under 1 MiB: a row takes the next command as well, and comes to more than 2 MiB.
            Tell(ReportOf(order, new TaskOutcome.Succeeded(Payload.FromString(new string('x', 1_048_571)))));
        }

        ExpectSilence(Client);
        Journal.Release();
        Client.ReceiveN(4);
        Settle();

        var pages = Pages(1_000);

        Assert.Equal(Journal.RowsOf(Id).SelectMany(row => row.Commits), pages.SelectMany(page => page.Rows).SelectMany(row => row.Commits));
        Assert.Equal([1L, 2, 3, 4], pages.SelectMany(page => page.Rows).Select(row => row.Sequence));
        var large = Assert.Single(pages, page => page.Rows.Sum(MessageSizeLimits.SizeOf) > MessageSizeLimits.Page);
        Assert.Equal(3, Assert.Single(large.Rows).Sequence);
    }

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(70, 2)]
    [InlineData(50, 3)]
    [InlineData(0, 121)]
    public async Task A_page_of_small_rows_holds_as_many_as_were_asked_for(int max, int expected)
    {
        await StartAsync(Definitions.Linear(121));
        Steps(120, Payload.Null);

        var pages = Pages(max);

        Assert.Equal(expected, pages.Count);
        Assert.Equal(Enumerable.Range(1, 121).Select(number => (long)number), pages.SelectMany(page => page.Rows).Select(row => row.Sequence));
    }

    [Fact]
    public async Task Who_asks_from_another_node_for_what_no_frame_holds_is_told_the_row_that_left_it_so()
    {
        var elsewhere = new ElsewhereRef(Client);
        await StartAsync(Definitions.Fan(8));
        var orders = ExpectOffer().Orders;
        foreach (var order in orders[1..])
        {
            Tell(ReportOf(order, new TaskOutcome.Succeeded(Large)));
            Client.ExpectMsg<ReportAcknowledged>();
        }

        Run.Tell(new WorkflowQuery.GetCheckpoint(Id, "2"), elsewhere);
        Client.ExpectMsg<WorkflowReply.Checkpoint>();
        Run.Tell(new WorkflowQuery.GetCheckpoint(Id, "8"), elsewhere);
        Assert.Equal(8, Client.ExpectMsg<WorkflowReply.ReadFromStore>().Sequence);
        Journal.Hold();
        Tell(ReportOf(orders[0], new TaskOutcome.Succeeded(Payload.Null)));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        // Asked while row 9 is written, answered once row 10 is: what it tells is of then.
        Run.Tell(new WorkflowQuery.GetDetails(Id), elsewhere);
        Tell(new WorkflowCommand.Terminate(Id, Guid.CreateVersion7(), "enough"));
        ExpectSilence(Client);
        Journal.Release();

        Client.ExpectMsg<ReportAcknowledged>();
        var place = Client.ExpectMsg<WorkflowReply.ReadFromStore>();
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal((10, RunOutcome.Terminated), (place.Sequence, place.Outcome));
        var plan = (await Plans.LoadAsync(place.Definition.Hash))!;
        var image = await PastState.ReadAsync(new PluginJournal(Sys), Snapshots, plan, PersistenceIds.Of(Id), place.Sequence, closedToo: true);
        var here = CreateTestProbe();
        Run.Tell(new WorkflowQuery.GetDetails(Id), here);
        Assert.Equal(Wire.Description.Of(here.ExpectMsg<WorkflowReply.Details>().Image), Wire.Description.Of(image!));
    }

    /// <summary>All pages, read as everybody reads them.</summary>
    private List<WorkflowReply.History> Pages(int max)
    {
        var pages = new List<WorkflowReply.History>();
        for (long next = 1, last = 1; next <= last;)
        {
            var asker = CreateTestProbe();
            Run.Tell(new WorkflowQuery.GetHistory(Id, next, max), asker);
            var page = asker.ExpectMsg<WorkflowReply.History>();
            (next, last) = (page.Rows[^1].Sequence + 1, page.Last);
            pages.Add(page);
        }

        return pages;
    }

    private void Steps(int steps, Payload output)
    {
        for (var i = 0; i < steps; i++)
        {
            var offer = (Offer)Queues.FishForMessage(message => message is Offer);
            Acknowledge(offer, queue: Queues);
            Tell(ReportOf(offer.Orders[0], new TaskOutcome.Succeeded(output)));
            Client.ExpectMsg<ReportAcknowledged>();
        }
    }
}
