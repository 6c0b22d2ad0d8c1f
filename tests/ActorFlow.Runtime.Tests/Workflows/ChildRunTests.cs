using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Workflows;

public sealed class ChildRunTests : RunRegionTest
{
    private const string Parent = "order";
    private const string ChildId = "order/ship";

    private static readonly WorkflowDefinition Shipping = new() { Name = "shipping", Tasks = [Uses("pack")] };

    private static readonly WorkflowDefinition Ordering = new()
    {
        Name = "ordering",
        Tasks = [Child("ship", "shipping"), Uses("after", "ship")],
    };

    public static TheoryData<string, int> Losses
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var message in new[] { "Start", "Accepted", "ChildEnded", "ChildEndAcknowledged" })
            {
                data.Add(message, 1);
                data.Add(message, 4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Failure_rule_13_a_child_runs_once_and_is_heard_once_whatever_message_is_lost(string kind, int times)
    {
        Open();
        var left = times;
        await StartAsync("warm-up", Shipping);
        Traffic.Loses = message => message.GetType().Name == kind
            && (message as IWorkflowMessage)?.WorkflowId != Parent | kind == "ChildEnded"
            && !(message is WorkflowReply { WorkflowId: Parent })
            && Interlocked.Decrement(ref left) >= 0;
        await StartAsync(Parent, Ordering, Shipping);

        await UntilEndedAsync(Parent, ChildId);
        await UntilAsync(() => Traffic.Passivated.Contains(ChildId) && Traffic.Passivated.Contains(Parent), "both leave");

        Assert.True(left < 0 || kind == "Accepted", $"{left} were not lost");
        AssertRanOnce(Parent, ChildId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_rule_13_parent_or_child_may_crash_at_every_step(bool parent)
    {
        Open();
        await StartAsync("whole", Ordering, Shipping);
        await UntilEndedAsync("whole", "whole/ship");
        await UntilAsync(() => Traffic.Passivated.Count >= 2, "both leave");
        var steps = Traffic.Passed.Count;
        Assert.InRange(steps, 6, 30);

        for (var step = 1; step <= steps; step++)
        {
            var id = $"run-{step}";
            var left = step;
            Traffic.Loses = _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    CrashRun(parent ? id : $"{id}/ship");
                }

                return false;
            };
            await StartAsync(id, Ordering, Shipping);
            await UntilEndedAsync(id, $"{id}/ship");
            await UntilAsync(() => Traffic.Passivated.Contains($"{id}/ship") && Traffic.Passivated.Contains(id), "both leave");

            AssertRanOnce(id, $"{id}/ship");
        }
    }

    [Fact]
    public async Task Failure_rule_13_a_child_that_ended_while_its_parent_was_parked_wakes_it()
    {
        Open();
        Traffic.Outcome = order => order.Path == "pack" ? null : new TaskOutcome.Succeeded(order.Input);
        await StartAsync(Parent, Ordering, Shipping);
        await UntilAsync(() => Traffic.Passivated.Contains(Parent), "the parent is parked");
        Assert.False(IsInMemory(Parent));
        Assert.True(IsInMemory(ChildId));

        var attempt = Traffic.Executed.Single().Attempt;
        Runs.Tell(new WorkflowCommand.Report(ChildId, attempt, new(1, 77), new TaskOutcome.Succeeded(Payload.From(7))));
        await UntilEndedAsync(Parent);

        AssertRanOnce(Parent, ChildId);
    }

    [Theory]
    [InlineData(ParentClose.Cancel, false)]
    [InlineData(ParentClose.Terminate, false)]
    [InlineData(ParentClose.Abandon, false)]
    [InlineData(ParentClose.Cancel, true)]
    [InlineData(ParentClose.Terminate, true)]
    [InlineData(ParentClose.Abandon, true)]
    public async Task What_becomes_of_a_child_when_its_parent_ends_is_as_the_definition_says_whatever_is_lost(ParentClose close, bool terminated)
    {
        Open();
        Traffic.Outcome = _ => null;
        await StartAsync(Parent, Ordering with { Tasks = [Child("ship", "shipping", close)] }, Shipping);
        await UntilAsync(() => ExecutedOf(ChildId).Any(), "the child runs");
        // The first three of what ends the child are lost, and with them the first reports that it has.
        var (ends, reports) = (3, 2);
        Traffic.Loses = message => message switch
        {
            WorkflowCommand.Cancel or WorkflowCommand.Terminate when ((IWorkflowMessage)message).WorkflowId == ChildId => Interlocked.Decrement(ref ends) >= 0,
            WorkflowCommand.ChildEnded => Interlocked.Decrement(ref reports) >= 0,
            _ => false,
        };
        await AskAsync<WorkflowReply.Accepted>(terminated
            ? new WorkflowCommand.Terminate(Parent, Guid.CreateVersion7(), "now")
            : new WorkflowCommand.Cancel(Parent, Guid.CreateVersion7(), "enough"));

        await UntilAsync(() => EndOf(Parent) is not null && Traffic.Passivated.Contains(Parent), "the parent ends and leaves");

        if (terminated)
        {
            Assert.IsType<WorkflowEvent.Terminated>(EndOf(Parent));
        }
        else
        {
            Assert.IsType<WorkflowEvent.Cancelled>(EndOf(Parent));
        }

        switch (close)
        {
            case ParentClose.Cancel:
                Assert.IsType<WorkflowEvent.Cancelled>(EndOf(ChildId));
                break;
            case ParentClose.Terminate:
                Assert.IsType<WorkflowEvent.Terminated>(EndOf(ChildId));
                break;
            default:
                Assert.Null(EndOf(ChildId));
                Assert.True(IsInMemory(ChildId));
                break;
        }

        Assert.Equal(1, CountOf<WorkflowEvent.Started>(ChildId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_rule_13_an_abandoned_child_begins_once_though_its_parent_crashed_before_it_had(bool leftLater)
    {
        Equip = services => services with { Retention = TimeSpan.FromDays(1) };
        Open();
        var (isLost, lost) = (true, 0);
        Traffic.Loses = message => isLost && message is WorkflowCommand.Start { WorkflowId: ChildId } && Interlocked.Increment(ref lost) > 0;
        Traffic.Outcome = order => order.Path == "wait" ? null : new TaskOutcome.Succeeded(order.Input);
        var leaves = leftLater ? Uses("wait") : new() { Id = "boom", Kind = new TaskKind.Fail("enough") };
        await StartAsync(Parent, Ordering with { Tasks = [Child("ship", "shipping", ParentClose.Abandon), leaves] }, Shipping);
        if (leftLater)
        {
            await UntilAsync(() => ExecutedOf(Parent).Any(), "the parent waits");
            await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Cancel(Parent, Guid.CreateVersion7(), "enough"));
        }

        await UntilAsync(() => EndOf(Parent) is not null && Volatile.Read(ref lost) > 0, "the parent ends, and the child's start is lost");
        Assert.Equal(0, CountOf<WorkflowEvent.Started>(ChildId));
        CrashRun(Parent);
        IsInMemory(Parent);
        isLost = false;

        await UntilEndedAsync(ChildId);
        await UntilAsync(() => Traffic.Passivated.Contains(Parent) && Traffic.Passivated.Contains(ChildId), "both leave");
        // The report of the child wakes a parent that has left already, and that starts its child again: only then is it quiet.
        await UntilAsync(() => !IsInMemory(Parent) && !IsInMemory(ChildId), "neither is in memory");
        Assert.IsType<WorkflowEvent.Completed>(EndOf(ChildId));

        // Read back once more, it is a repeat of what was; and nothing at all once the child may have been purged.
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus(Parent));
        await UntilAsync(() => !IsInMemory(Parent) && !IsInMemory(ChildId), "both leave again");
        Assert.Equal(1, CountOf<WorkflowEvent.Started>(ChildId));
        Assert.Equal(["pack"], ExecutedOf(ChildId));
        Advance(TimeSpan.FromDays(2));
        var starts = Traffic.Passed.OfType<WorkflowCommand.Start>().Count();
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus(Parent));
        await UntilAsync(() => !IsInMemory(Parent), "the parent leaves for good");
        Assert.Equal(starts, Traffic.Passed.OfType<WorkflowCommand.Start>().Count());
    }

    [Fact]
    public async Task Failure_rule_13_a_terminated_parent_that_crashed_still_ends_its_child()
    {
        Open();
        Traffic.Outcome = _ => null;
        await StartAsync(Parent, Ordering, Shipping);
        await UntilAsync(() => ExecutedOf(ChildId).Any(), "the child runs");
        var isLost = true;
        Traffic.Loses = message => isLost && message is WorkflowCommand.Cancel { WorkflowId: ChildId };
        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Terminate(Parent, Guid.CreateVersion7(), "now"));
        CrashRun(Parent);
        isLost = false;

        await UntilEndedAsync(ChildId);
        await UntilAsync(() => Traffic.Passivated.Contains(Parent) && Traffic.Passivated.Contains(ChildId), "both leave");
        Assert.IsType<WorkflowEvent.Cancelled>(EndOf(ChildId));
        Assert.Equal(1, CountOf<WorkflowEvent.Started>(ChildId));
    }

    [Theory]
    [InlineData("invalid", "InvalidInput")]
    [InlineData("taken", "IdInUse")]
    [InlineData("unknown", "WorkflowNotFound")]
    public async Task A_child_that_cannot_start_fails_its_task(string why, string type)
    {
        Open();
        var shipping = why == "invalid" ? Shipping with { InputSchema = Payload.Parse("""{"type":"object"}""") } : Shipping;
        if (why == "taken")
        {
            Traffic.Outcome = order => order.Path == "pack" ? null : new TaskOutcome.Succeeded(order.Input);
            await StartAsync(ChildId, Shipping);
        }

        await StartAsync(Parent, Ordering, why == "unknown" ? [] : [shipping]);
        await UntilEndedAsync(Parent);

        Assert.Equal(type, Assert.IsType<WorkflowEvent.Failed>(EndOf(Parent)).Error.Type);
        await UntilAsync(() => Traffic.Passivated.Contains(Parent), "the parent leaves");
        Assert.Equal(why == "taken" ? 1 : 0, CountOf<WorkflowEvent.Started>(ChildId));
    }

    [Theory]
    [InlineData(ParentClose.Cancel)]
    [InlineData(ParentClose.Terminate)]
    public async Task A_run_of_somebody_else_under_the_child_s_id_is_not_ended_with_the_parent(ParentClose close)
    {
        Open();
        Traffic.Outcome = order => order.Path == "pack" ? null : new TaskOutcome.Succeeded(order.Input);
        await StartAsync(ChildId, Shipping);

        await Task.WhenAll(
            StartAsync(Parent, Ordering with { Tasks = [Child("ship", "shipping", close)] }, Shipping),
            AskAsync<WorkflowReply>(new WorkflowCommand.Terminate(Parent, Guid.CreateVersion7(), "now")));
        if (EndOf(Parent) is null)
        {
            await AskAsync<WorkflowReply>(new WorkflowCommand.Terminate(Parent, Guid.CreateVersion7(), "now"));
        }

        await UntilAsync(() => Traffic.Passivated.Contains(Parent), "the parent leaves");
        await AskAsync<WorkflowReply.Status>(new WorkflowQuery.GetStatus(ChildId));
        Assert.Equal(0, CountOf<WorkflowEvent.CancelRequested>(ChildId) + CountOf<WorkflowEvent.Terminated>(ChildId));
    }

    [Fact]
    public async Task A_retried_parent_starts_the_failed_child_anew_under_its_id()
    {
        Open();
        var fails = true;
        Traffic.Outcome = order => order.Path == "pack" && fails
            ? new TaskOutcome.Failed("Boom", "bang", false, null)
            : new TaskOutcome.Succeeded(order.Input);
        await StartAsync(Parent, Ordering, Shipping);
        await UntilEndedAsync(Parent, ChildId);
        await UntilAsync(() => Traffic.Passivated.Contains(ChildId), "the child leaves");

        fails = false;
        await AskAsync<WorkflowReply.Accepted>(new WorkflowCommand.Retry(Parent, Guid.CreateVersion7(), null));
        await UntilEndedAsync(Parent);

        Assert.IsType<WorkflowEvent.Completed>(EndOf(Parent));
        Assert.Equal(2, CountOf<WorkflowEvent.Started>(ChildId));
        Assert.Equal(2, EventsOf(ChildId).OfType<WorkflowEvent.Started>().Select(started => started.RunId).Distinct().Count());
        Assert.Equal(["pack", "pack"], ExecutedOf(ChildId));
        await UntilAsync(() => Traffic.Passivated.Count(id => id == ChildId) >= 2, "the child leaves again");
        await AskAsync<WorkflowReply.Ended>(new WorkflowQuery.GetStatus(ChildId));
    }

    [Theory]
    [InlineData(ParentClose.Cancel)]
    [InlineData(ParentClose.Abandon)]
    public async Task Failure_rule_06_a_rewound_parent_ends_the_child_of_before_and_starts_it_anew(ParentClose close)
    {
        Open();
        Traffic.Outcome = _ => null;
        await StartAsync(Parent, Ordering with { Tasks = [Child("ship", "shipping", close), Uses("after", "ship")] }, Shipping);
        await UntilAsync(() => ExecutedOf(ChildId).Any(), "the child runs");

        Traffic.Outcome = order => new TaskOutcome.Succeeded(order.Input);
        await AskAsync<WorkflowReply.Accepted>(new RewindTo(Parent, Guid.CreateVersion7(), "1"));
        await UntilEndedAsync(Parent);

        Assert.IsType<WorkflowEvent.Completed>(EndOf(Parent));
        Assert.Equal(2, CountOf<WorkflowEvent.Started>(ChildId));
        Assert.Equal(1, CountOf<WorkflowEvent.Cancelled>(ChildId));
        Assert.IsType<WorkflowEvent.Completed>(EndOf(ChildId));
        Assert.Equal(["pack", "pack"], ExecutedOf(ChildId));
    }

    [Fact]
    public async Task Failure_rule_14_a_closed_child_stays_until_its_parent_and_the_index_have_heard()
    {
        var index = Sys.ActorOf(Props.Create(() => new HeldIndex()));
        Equip = services => services with { IndexWriter = index };
        Open();
        var isLost = true;
        Traffic.Loses = message => isLost && message is ChildEndAcknowledged;
        await StartAsync(Parent, Ordering, Shipping);
        await UntilEndedAsync(Parent, ChildId);
        index.Tell(Parent);
        await UntilAsync(() => Traffic.Passivated.Contains(Parent), "the parent leaves");
        var heard = Traffic.Passed.OfType<ChildEndAcknowledged>().Count();
        await UntilAsync(() => Traffic.Passed.OfType<ChildEndAcknowledged>().Count() > heard + 1, "the child says it again");
        Assert.True(IsInMemory(ChildId));

        isLost = false;
        heard = Traffic.Passed.OfType<ChildEndAcknowledged>().Count();
        await UntilAsync(() => Traffic.Passed.OfType<ChildEndAcknowledged>().Count() > heard, "the child is told");
        Advance(TimeSpan.FromMinutes(2));
        Assert.True(IsInMemory(ChildId));
        Assert.Equal(heard + 1, Traffic.Passed.OfType<ChildEndAcknowledged>().Count());

        index.Tell(ChildId);
        await UntilAsync(() => Traffic.Passivated.Contains(ChildId), "the child leaves");
    }

    /// <summary>Acknowledges the rows of those runs that it was told.</summary>
    private sealed class HeldIndex : UntypedActor
    {
        private readonly HashSet<string> _told = [];

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case string id:
                    _told.Add(id);
                    break;
                case IndexRowChanged changed when _told.Contains(changed.Row.WorkflowId):
                    Sender.Tell(new IndexRowWritten(changed.Row.WorkflowId, changed.Row.Sequence));
                    break;
            }
        }
    }

    private void AssertRanOnce(string parent, string child)
    {
        Assert.IsType<WorkflowEvent.Completed>(EndOf(parent));
        Assert.IsType<WorkflowEvent.Completed>(EndOf(child));
        Assert.Equal(1, CountOf<WorkflowEvent.Started>(child));
        Assert.Equal(1, CountOf<WorkflowEvent.ChildRequested>(parent));
        Assert.Equal(2, CountOf<WorkflowEvent.TaskExecutionCompleted>(parent));
        Assert.Equal(["pack"], ExecutedOf(child));
        Assert.Equal(["after"], ExecutedOf(parent));
    }
}
