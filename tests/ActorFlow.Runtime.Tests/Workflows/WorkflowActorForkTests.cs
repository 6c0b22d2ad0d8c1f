using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>Forks of a run "source" of the tasks t0 to t3, which has ended: its row n leaves n - 1 of them done.</summary>
public sealed class WorkflowActorForkTests : RunRegionTest
{
    private const string Fork = "fork";
    private readonly ScriptedCatalog _catalog;
    private WorkflowCommand.Start _source = null!;

    public WorkflowActorForkTests()
    {
        _catalog = new(Snapshots);
        Equip = services => services with { Checkpoints = _catalog };
    }

    [Fact]
    public async Task Whatever_comes_while_the_source_is_read_is_taken_after_the_start()
    {
        var fork = await ForkAtAsync(3);
        _catalog.Hold();

        Runs.Tell(fork, Client);
        await Eventually.HoldsAsync(() => _catalog.Asked == 1, "the source is being read");
        Runs.Tell(fork, Client);
        Runs.Tell(new WorkflowCommand.Signal(Fork, Guid.CreateVersion7(), "none", Payload.Null), Client);
        Runs.Tell(fork with { CommandId = Guid.CreateVersion7(), RunId = Guid.CreateVersion7(), Input = Payload.From(1) }, Client);
        Runs.Tell(new WorkflowQuery.GetDetails(Fork), Client);
        ExpectSilence(Client);
        Assert.Empty(Journal.RowsOf(Fork));
        _catalog.Release();

        Client.ExpectMsg<WorkflowReply.Accepted>();
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Assert.Equal("signal-not-found", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        Assert.Equal("id-conflict", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        Assert.Equal((fork.RunId, fork.Origin), Client.ExpectMsg<WorkflowReply.Details>() is { Image: var image } ? (image.RunId, image.Origin) : default);
        await UntilEndedAsync(Fork);
        Assert.Equal(1, _catalog.Asked);
        Assert.Equal(["t2", "t3"], ExecutedOf(Fork));
        Assert.Equal(1, CountOf<WorkflowEvent.Started>(Fork));
        Assert.Equal(["t0", "t1", "t2", "t3"], ExecutedOf("source"));
    }

    [Fact]
    public async Task A_repeat_is_answered_as_the_first_one_was_also_after_a_crash_and_after_the_end_and_reads_nothing()
    {
        var fork = await ForkAtAsync(4);
        await AskAsync<WorkflowReply.Accepted>(fork);
        await AskAsync<WorkflowReply.Accepted>(fork);
        CrashRun(Fork);
        await AskAsync<WorkflowReply.Accepted>(fork);
        await UntilEndedAsync(Fork);
        await AskAsync<WorkflowReply.Accepted>(fork);

        Runs.Tell(fork with { Origin = fork.Origin with { Sequence = 2 } }, Client);

        Assert.Equal("command-conflict", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        Assert.Equal(1, _catalog.Asked);
        Assert.Equal(["t3"], ExecutedOf(Fork));
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_is_told_and_a_repeat_begins_the_run_once_it_can()
    {
        var fork = await ForkAtAsync(2);
        _catalog.Fails = true;

        Runs.Tell(fork, Client);
        var refused = Client.ExpectMsg<WorkflowReply.Refused>();

        Assert.Equal("unavailable", refused.Code);
        Assert.Contains("The disk says no.", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(Journal.RowsOf(Fork));
        _catalog.Fails = false;
        await AskAsync<WorkflowReply.Accepted>(fork);
        await UntilEndedAsync(Fork);
        Assert.Equal(["t1", "t2", "t3"], ExecutedOf(Fork));
    }

    [Fact]
    public async Task A_row_that_is_not_there_or_ended_the_run_or_is_of_another_run_is_no_checkpoint()
    {
        var fork = await ForkAtAsync(2);
        RunOrigin[] none =
        [
            fork.Origin with { Sequence = 99 },
            fork.Origin with { Sequence = 5 },
            fork.Origin with { RunId = Guid.CreateVersion7() },
            fork.Origin with { WorkflowId = "nobody" },
        ];

        foreach (var origin in none)
        {
            Runs.Tell(fork with { Origin = origin }, Client);
            Assert.Equal("checkpoint-not-found", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        }

        Runs.Tell(new WorkflowQuery.GetStatus(Fork), Client);
        Assert.Equal("workflow-not-found", Client.ExpectMsg<WorkflowReply.Refused>().Code);
        Assert.Empty(Journal.RowsOf(Fork));
        await UntilAsync(() => !IsInMemory(Fork), "it leaves memory");
    }

    [Fact]
    public async Task A_fork_that_has_to_leave_while_the_source_is_read_is_handed_on()
    {
        var fork = (await ForkAtAsync(2)) with { WorkflowId = Id };
        _catalog.Hold();
        Incarnate(fork);
        await Eventually.HoldsAsync(() => _catalog.Asked == 1, "the source is being read");
        Tell(StopWorkflow.Instance);
        ExpectSilence(Shard);
        _catalog.Release();

        Assert.Equal(fork, Region.ExpectMsg<ForkFrom>());
        Shard.FishForMessage<Stopped>(_ => true);
        ExpectSilence(Client);
        Assert.Empty(Journal.RowsOf(Id));
    }

    [Fact]
    public async Task A_start_that_brings_the_image_as_earlier_releases_send_it_is_obeyed()
    {
        var fork = await ForkAtAsync(3);
        var image = (await AskAsync<WorkflowReply.Checkpoint>(new WorkflowQuery.GetCheckpoint("source", "3"))).Image;
        var asked = _catalog.Asked;

        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Start(Fork, fork.CommandId, fork.RunId, fork.Definition, fork.Input)
        {
            Origin = fork.Origin,
            Image = image,
        });
        await AskAsync<WorkflowReply.Accepted>(fork);
        await UntilEndedAsync(Fork);

        Assert.Equal(["t2", "t3"], ExecutedOf(Fork));
        Assert.Equal(asked, _catalog.Asked);
    }

    [Fact]
    public async Task The_place_of_a_checkpoint_is_told_without_what_it_holds()
    {
        var fork = await ForkAtAsync(3);

        var place = await AskAsync<WorkflowReply.ReadFromStore>(new WorkflowQuery.GetCheckpoint("source", "3") { PlaceOnly = true });

        Assert.Equal(new("source", _source.RunId, 3, fork.Definition) { Input = _source.Input }, place);
    }

    [Fact]
    public async Task A_rewind_that_is_handed_on_goes_without_the_image_that_was_read_for_it()
    {
        await StartAsync(Definitions.Linear(3));
        var order = ExpectOffer().Orders[0];
        _catalog.Hold();
        var rewind = new RewindTo(Id, Guid.CreateVersion7(), "1");
        Tell(rewind);
        await Eventually.HoldsAsync(() => _catalog.Asked == 1, "the checkpoint is being read");
        Journal.Hold();
        Tell(ReportOf(order));
        await Eventually.HoldsAsync(() => Journal.Waiting == 1, "the write is asked for");
        _catalog.Release();
        ExpectSilence(Client);
        Tell(StopWorkflow.Instance);
        ExpectSilence(Shard);
        Journal.Release();

        var handed = Region.FishForMessage<RewindTo>(_ => true);

        Assert.Equal(rewind, handed);
    }

    private async Task<ForkFrom> ForkAtAsync(long sequence)
    {
        Open();
        _source = await StartOfAsync("source", Definitions.Linear(4));
        await AskAsync<WorkflowReply.Accepted>(_source);
        await UntilEndedAsync("source");
        Assert.Equal(5, Journal.RowsOf("source").Count);
        return new(Fork, Guid.CreateVersion7(), Guid.CreateVersion7(), _source.Definition, _source.Input, new("source", _source.RunId, sequence));
    }
}
