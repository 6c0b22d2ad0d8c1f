using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class QueueReportsTests : DispatchTest
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly TestProbe _region;
    private readonly TestProbe _run;
    private readonly QueueReports _reports;

    public QueueReportsTests()
    {
        (_region, _run) = (CreateTestProbe(), CreateTestProbe());
        _reports = new(new(Queue, 7, TestActor), _region);
    }

    [Fact]
    public void A_report_goes_to_the_run_and_then_through_the_region_until_it_is_acknowledged()
    {
        var report = Report(lease: 2);
        Assert.Equal(report, _run.ExpectMsg<WorkflowCommand.Report>(Patience));

        _reports.RepeatDue(Late);
        Assert.Equal(report, _region.ExpectMsg<WorkflowCommand.Report>(Patience));

        _reports.Handle(new ReportAcknowledged("wf", Attempt(1), report.Lease));
        _reports.RepeatDue(2 * Late);
        Assert.False(_region.HasMessages);
    }

    [Fact]
    public void The_acknowledgement_of_an_older_report_does_not_count()
    {
        var older = Report(lease: 1);
        Report(lease: 2);

        _reports.Handle(new ReportAcknowledged("wf", Attempt(1), older.Lease));

        Assert.True(_reports.IsCancelled(Attempt(1)));
    }

    [Fact]
    public void A_report_is_told_again_where_the_run_is_now()
    {
        Assert.False(_reports.ReportAgain(Attempt(1), TestActor, TimeSpan.Zero));
        var report = Report(lease: 1);

        Assert.True(_reports.ReportAgain(Attempt(1), TestActor, TimeSpan.Zero));

        Assert.Equal(report, ExpectMsg<WorkflowCommand.Report>(Patience));
    }

    [Fact]
    public void What_is_offered_again_is_reported_no_more()
    {
        Report(lease: 1);

        _reports.Forget(Attempt(1));

        Assert.False(_reports.ReportAgain(Attempt(1), TestActor, TimeSpan.Zero));
        Assert.False(_reports.IsCancelled(Attempt(1)));
    }

    private WorkflowCommand.Report Report(long lease)
    {
        var report = new WorkflowCommand.Report("wf", Attempt(1), new(7, lease), TaskOutcome.Cancelled.Instance);
        _reports.Report(report, _run, TimeSpan.Zero);
        return report;
    }
}
