using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

public class WorkflowSessionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkflowPlan Plan = PlanOf("name: one\non-failure: compensate\ntasks: { a: { uses: echo, compensate: { uses: undo } } }\n");

    [Fact]
    public void Before_any_start_commands_are_refused_and_late_reports_taken()
    {
        var session = new WorkflowSession("wf");

        var cancel = session.Handle(new WorkflowCommand.Cancel("wf", Guid.NewGuid(), "why"), Now, Chance);
        var report = session.Handle(Report(Attempt(1)), Now, Chance);
        var ended = session.Handle(new WorkflowCommand.ChildEnded("wf", Attempt(1), RunOutcome.Completed, Payload.Null, null, null), Now, Chance);

        Assert.Equal(SessionAnswer.Refused, cancel.Answer);
        Assert.Equal("workflow-not-found", Assert.IsType<Decision.Refused>(cancel.Decision).Code);
        Assert.Equal((Decision.Nothing, SessionAnswer.ReportTaken), (report.Decision, report.Answer));
        Assert.Equal((Decision.Nothing, SessionAnswer.ChildEndTaken), (ended.Decision, ended.Answer));
    }

    [Fact]
    public void A_start_begins_the_run_and_its_repeat_changes_nothing()
    {
        var session = new WorkflowSession("wf");
        var start = Start();
        Assert.True(session.Begins(start));
        session.Prepare(Plan);

        var first = session.Handle(start, Now, Chance);
        var again = session.Handle(start, Now, Chance);

        Assert.IsType<Decision.Accepted>(first.Decision);
        Assert.Equal(SessionAnswer.Accepted, first.Answer);
        Assert.IsType<WorkflowState.Open>(session.State);
        Assert.False(session.Begins(start));
        Assert.Equal((Decision.Nothing, SessionAnswer.Accepted), (again.Decision, again.Answer));
    }

    [Fact]
    public void An_attempt_of_before_a_recovery_that_is_found_nowhere_has_ended_unknown()
    {
        var session = Started(Start());
        var open = (WorkflowState.Open)session.State!;
        var attempt = open.AttemptOf(open.Outstanding.Single());
        session.Handle(new WorkflowCommand.Cancel("wf", Guid.NewGuid(), "why"), Now, Chance);
        var recovered = new WorkflowSession("wf");
        recovered.Recover(Plan, session.State!, []);

        var known = session.Handle(Cancelled(attempt), Now, Chance);
        var unknown = recovered.Handle(Cancelled(attempt), Now, Chance);

        Assert.Null(Events(known).OfType<WorkflowEvent.AttemptCancelled>().Single().Undo);
        Assert.NotNull(Events(unknown).OfType<WorkflowEvent.AttemptCancelled>().Single().Undo);
    }

    [Fact]
    public void A_child_that_is_in_the_way_of_its_next_start_is_ended_once()
    {
        var session = Started(Start() with { Parent = Link(1) });
        var next = Start() with { Parent = Link(2) };

        var refused = session.Handle(next, Now, Chance);
        var cancelled = session.Handle(refused.FollowUp!, Now, Chance);
        var again = session.Handle(next, Now, Chance);

        Assert.Equal("unavailable", Assert.IsType<Decision.Refused>(refused.Decision).Code);
        Assert.Equal(SessionAnswer.Refused, refused.Answer);
        Assert.IsType<WorkflowCommand.Cancel>(refused.FollowUp);
        Assert.Contains(Events(cancelled), e => e is WorkflowEvent.CancelRequested);
        Assert.Equal("unavailable", Assert.IsType<Decision.Refused>(again.Decision).Code);
        Assert.Null(again.FollowUp);
    }

    [Fact]
    public void A_child_that_has_ended_owes_its_parent_the_report_until_that_acknowledges_it()
    {
        var session = Started(Start() with { Parent = Link(1) });
        Assert.False(session.OwesReport);
        session.Handle(new WorkflowCommand.Terminate("wf", Guid.NewGuid(), "why"), Now, Chance);

        Assert.True(session.OwesReport);
        Assert.Equal(("parent", Link(1).Attempt, RunOutcome.Terminated), (session.Report!.WorkflowId, session.Report.Attempt, session.Report.Outcome));

        Assert.False(session.OnReportAcknowledged(Attempt(2)));
        Assert.True(session.OwesReport);
        Assert.True(session.OnReportAcknowledged(Link(1).Attempt));
        Assert.False(session.OwesReport);
        Assert.Null(session.Report);

        var repeated = session.Handle(Start() with { Parent = Link(1) }, Now, Chance);

        Assert.Equal((Decision.Nothing, SessionAnswer.Accepted, true), (repeated.Decision, repeated.Answer, repeated.ReportsAgain));
        Assert.True(session.OwesReport);
    }

    [Fact]
    public void A_later_start_of_the_same_child_replaces_one_that_has_ended_and_an_earlier_one_does_not()
    {
        var session = Started(Start() with { Parent = Link(2) });
        var first = ((WorkflowState.Open)session.State!).RunId;
        session.Handle(new WorkflowCommand.Terminate("wf", Guid.NewGuid(), "why"), Now, Chance);
        session.OnReportAcknowledged(Link(2).Attempt);
        var next = Start() with { Parent = Link(3) };

        Assert.False(session.Begins(Start() with { Parent = Link(1) }));
        Assert.True(session.Begins(next));
        session.Prepare(Plan);
        Assert.IsType<WorkflowState.Closed>(session.State);
        var step = session.Handle(next, Now, Chance);

        Assert.IsType<Decision.Accepted>(step.Decision);
        Assert.NotEqual(first, Assert.IsType<WorkflowState.Open>(session.State).RunId);
        Assert.False(session.OwesReport);
    }

    [Fact]
    public void A_checkpoint_is_answered_once_it_is_stored_and_ticks_are_not_answered()
    {
        var session = Started(Start());

        Assert.Equal(SessionAnswer.OnceStored, session.Handle(new WorkflowCommand.TakeCheckpoint("wf", Guid.NewGuid(), "here"), Now, Chance).Answer);
        Assert.Equal(SessionAnswer.None, session.Handle(new WorkflowCommand.Tick("wf"), Now, Chance).Answer);
        Assert.Equal(SessionAnswer.None, session.Handle(new WorkflowCommand.Continue("wf"), Now, Chance).Answer);
    }

    [Fact]
    public void What_throws_outside_of_the_rules_costs_the_one_command()
    {
        var session = Started(Start());

        var step = session.Handle(new WorkflowCommand.Cancel("wf", Guid.NewGuid(), "why"), Now, () => throw new InvalidOperationException("no luck"));

        Assert.Equal("internal", Assert.IsType<Decision.Refused>(step.Decision).Code);
        Assert.Equal("no luck", Assert.Single(step.Decision.Faults).Cause.Message);
        Assert.IsType<Decision.Accepted>(session.Handle(new WorkflowCommand.Cancel("wf", Guid.NewGuid(), "why"), Now, Chance).Decision);
    }

    [Theory]
    [InlineData("id-conflict", ErrorTypes.IdInUse)]
    [InlineData("invalid-input", ErrorTypes.InvalidInput)]
    [InlineData("definition-not-found", ErrorTypes.WorkflowNotFound)]
    [InlineData("internal", ErrorTypes.InternalError)]
    [InlineData("payload-too-large", ErrorTypes.PayloadTooLarge)]
    [InlineData("payload-too-deep", ErrorTypes.PayloadTooDeep)]
    [InlineData("payload-not-text", ErrorTypes.PayloadNotText)]
    [InlineData("unavailable", null)]
    public void A_refused_start_of_a_child_fails_its_task_or_is_tried_again(string code, string? type) =>
        Assert.Equal(type, ChildOrder.ErrorOfRefusedStart(code));

    private static double Chance() => 0;

    private static WorkflowSession Started(WorkflowCommand.Start start)
    {
        var session = new WorkflowSession("wf");
        session.Prepare(Plan);
        Assert.IsType<Decision.Accepted>(session.Handle(start, Now, Chance).Decision);
        return session;
    }

    private static IEnumerable<WorkflowEvent> Events(SessionStep step) => Assert.IsType<Decision.Accepted>(step.Decision).Commit.Events;

    private static WorkflowCommand.Start Start() => new("wf", Guid.NewGuid(), Guid.NewGuid(), new("one", 1, "hash"), Payload.EmptyObject);

    private static ParentLink Link(int number) => new("parent", Attempt(number), 1);

    private static AttemptId Attempt(int number) => new(new Guid(7, 0, 0, new byte[8]), 0, new(0, 0, -1, 0), number);

    private static WorkflowCommand.Report Report(AttemptId attempt) => new("wf", attempt, LeaseId.None, new TaskOutcome.Succeeded(Payload.Null));

    private static WorkflowCommand.Report Cancelled(AttemptId attempt) => new("wf", attempt, LeaseId.None, TaskOutcome.Cancelled.Instance);

    private static WorkflowPlan PlanOf(string yaml) => WorkflowPlan.Compile(DefinitionReader.Read(yaml, "session.yaml").Main);
}
