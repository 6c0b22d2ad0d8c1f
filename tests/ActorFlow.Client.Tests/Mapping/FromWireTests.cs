using System.Text.Json;
using ActorFlow.Client.Mapping;
using ActorFlow.Client.Tests.Nodes;
using Google.Protobuf;
using NodeMapping = ActorFlow.Node.Grpc.ToWire;

namespace ActorFlow.Client.Tests.Mapping;

public sealed class FromWireTests
{
    private readonly Distinct _distinct = new();

    [Fact]
    public void A_description_arrives_whole() => Assert.All(Enumerable.Range(0, 10), _ => Arrives<WorkflowDescription, V1.Workflow>(NodeMapping.Of, FromWire.Of));

    [Fact]
    public void A_result_arrives_whole() => Assert.All(Enumerable.Range(0, 10), _ => Arrives<WorkflowResult, V1.WorkflowResult>(NodeMapping.Of, FromWire.Of));

    [Fact]
    public void A_summary_arrives_whole() => Assert.All(Enumerable.Range(0, 10), _ => Arrives<WorkflowSummary, V1.WorkflowSummary>(NodeMapping.Of, FromWire.Of));

    [Fact]
    public void An_event_arrives_whole() => Arrives<HistoryEvent, V1.HistoryEvent>(NodeMapping.Of, FromWire.Of);

    [Fact]
    public void A_change_arrives_whole() => Arrives<WorkflowChange, V1.WorkflowChange>(NodeMapping.Of, FromWire.Of);

    [Fact]
    public void A_checkpoint_arrives_whole() => Arrives<CheckpointSummary, V1.CheckpointSummary>(NodeMapping.Of, FromWire.Of);

    [Fact]
    public void A_registered_definition_arrives_whole() => Arrives<RegisteredDefinition, V1.RegisteredDefinition>(NodeMapping.Of, FromWire.Of);

    [Fact]
    public void A_problem_arrives_whole()
    {
        // The file is that of the node's own reader.
        var problem = _distinct.Of<DefinitionProblem>() with { File = "definition" };

        Assert.Equal(problem, FromWire.Of(V1.DefinitionProblem.Parser.ParseFrom(NodeMapping.Of(problem).ToByteArray())));
    }

    [Fact]
    public void Pages_arrive_whole()
    {
        var items = _distinct.Of<HistoryPage>().Items;
        var history = new V1.GetHistoryResponse { Next = items[1].Token.ToString(), Last = true };
        history.Items.AddRange(items.Select(NodeMapping.Of));
        var read = FromWire.Of(history);

        Assert.Equal(JsonSerializer.Serialize(new HistoryPage(items, items[1].Token, true)), JsonSerializer.Serialize(read));
        Assert.Equal((HistoryToken.Start, false), (FromWire.Of(new V1.GetHistoryResponse()).Next, FromWire.Of(new V1.GetHistoryResponse()).IsLast));
    }

    [Fact]
    public void A_list_arrives_whole()
    {
        var page = _distinct.Of<WorkflowPage>();
        var response = new V1.ListWorkflowsResponse { Next = page.Next, AsOf = NodeMapping.Of(page.AsOf) };
        response.Items.AddRange(page.Items.Select(NodeMapping.Of));

        Assert.Equal(JsonSerializer.Serialize(page), JsonSerializer.Serialize(FromWire.Of(response)));
        Assert.Null(FromWire.Of(new V1.ListWorkflowsResponse { AsOf = new() }).Next);
    }

    [Fact]
    public async Task A_handle_tells_what_its_start_led_to()
    {
        var started = new StartedWorkflow(Fakes.RunId, "order", 3, true);
        var response = new V1.StartWorkflowResponse { Id = "a", RunId = started.RunId.ToString("n"), Definition = "order", Version = 3, Created = true };
        await using var node = await FakeNode.StartAsync();
        node.On<V1.StartWorkflowRequest>((_, _) => response);
        node.On<V1.ForkWorkflowRequest>((_, _) => response);
        await using var client = Clients.Of(node);

        Assert.Equal(started, (await client.StartAsync("order").InTime()).Started);
        Assert.Equal(started, (await client.ForkAsync("b").InTime()).Started);
        Assert.Equal("a", (await client.ForkAsync("b").InTime()).Id);
        Assert.Null(client.GetHandle("a").Started);
    }

    [Fact]
    public void Counts_arrive_whole()
    {
        var counts = Enum.GetValues<WorkflowStatus>().ToDictionary(status => status, status => 10L + (int)status);
        var response = new V1.CountWorkflowsResponse();
        response.Counts.AddRange(NodeMapping.Of(counts));

        Assert.Equal(counts, FromWire.Of(response));
    }

    [Fact]
    public void What_is_absent_is_null()
    {
        var run = FromWire.Of(new V1.Workflow
        {
            Id = "a",
            RunId = Fakes.RunId.ToString("n"),
            Definition = new(),
            Status = V1.WorkflowStatus.Running,
            StartedAt = new(),
            UpdatedAt = new(),
            Tasks = { new V1.Task { Phase = V1.TaskPhase.Pending } },
            Waits = { new V1.Wait { Kind = V1.WaitKind.Slot } },
            Questions = { new V1.Question { Kind = V1.QuestionKind.Text } },
        });
        var (task, wait, question) = (run.Tasks[0], run.Waits[0], run.Questions[0]);

        Assert.All((object?[])[run.Result, run.Parent, run.ForkedFrom, run.Stopping, run.NextDue, run.BeginsAt, run.Checkpoint, run.CheckpointFailure], value => Assert.Null(value));
        Assert.All((object?[])[task.Title, task.Output, task.Error, task.WaitsFor, task.Since, task.Until, task.Elements, task.Worker], value => Assert.Null(value));
        Assert.All((object?[])[wait.Since, wait.Until, wait.Detail], value => Assert.Null(value));
        Assert.All((object?[])[question.Options, question.Assignees, question.TimeoutAt], value => Assert.Null(value));
        Assert.Equal((Payload.EmptyObject, TaskWait.None), (run.Input, task.Wait));
    }

    [Fact]
    public void Every_word_of_every_enumeration_arrives()
    {
        foreach (var phase in Enum.GetValues<TaskPhase>())
        {
            Arrives<WorkflowDescription, V1.Workflow>(_distinct.Of<WorkflowDescription>() with { Tasks = [_distinct.Of<TaskDescription>() with { Phase = phase }] }, NodeMapping.Of, FromWire.Of);
        }

        foreach (var wait in Enum.GetValues<TaskWait>())
        {
            Arrives<WorkflowDescription, V1.Workflow>(_distinct.Of<WorkflowDescription>() with { Tasks = [_distinct.Of<TaskDescription>() with { Wait = wait }] }, NodeMapping.Of, FromWire.Of);
        }

        foreach (var kind in Enum.GetValues<WaitKind>())
        {
            Arrives<WorkflowDescription, V1.Workflow>(_distinct.Of<WorkflowDescription>() with { Waits = [_distinct.Of<WaitDescription>() with { Kind = kind }] }, NodeMapping.Of, FromWire.Of);
        }

        foreach (var kind in Enum.GetValues<ReasonKind>())
        {
            Arrives<WorkflowExplanation, V1.Explanation>(_distinct.Of<WorkflowExplanation>() with { Reasons = [_distinct.Of<WorkflowReason>() with { Kind = kind }] }, NodeMapping.Of, FromWire.Of);
        }

        foreach (var kind in Enum.GetValues<AskKind>())
        {
            Arrives<WorkflowDescription, V1.Workflow>(_distinct.Of<WorkflowDescription>() with { Questions = [_distinct.Of<OpenQuestion>() with { Kind = kind }] }, NodeMapping.Of, FromWire.Of);
        }

        foreach (var status in Enum.GetValues<WorkflowStatus>())
        {
            Arrives<WorkflowSummary, V1.WorkflowSummary>(_distinct.Of<WorkflowSummary>() with { Status = status }, NodeMapping.Of, FromWire.Of);
            Assert.Equal(NodeMapping.Of(status), ToWire.Of(status));
        }
    }

    public static TheoryData<V1.WorkflowSummary> Malformed => new()
    {
        new V1.WorkflowSummary(),
        Fakes.Change("a").Workflow.With(run => run.RunId = "none"),
        Fakes.Change("a").Workflow.With(run => run.Status = (V1.WorkflowStatus)99),
        Fakes.Change("a").Workflow.With(run => run.StartedAt = null),
        Fakes.Change("a").Workflow.With(run => run.StartedAt.Nanos = -1),
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void An_answer_that_is_malformed_is_an_internal_error(V1.WorkflowSummary run) =>
        Assert.Throws<InternalErrorException>(() => FromWire.Of(run));

    private void Arrives<T, TMessage>(Func<T, TMessage> toWire, Func<TMessage, T> fromWire)
        where TMessage : IMessage =>
        Arrives(_distinct.Of<T>(), toWire, fromWire);

    private static void Arrives<T, TMessage>(T sent, Func<T, TMessage> toWire, Func<TMessage, T> fromWire)
        where TMessage : IMessage
    {
        var message = toWire(sent);
        var received = (TMessage)message.Descriptor.Parser.ParseFrom(message.ToByteArray());

        Assert.Equal(JsonSerializer.Serialize(sent), JsonSerializer.Serialize(fromWire(received)));
    }
}

internal static class Messages
{
    public static T With<T>(this T message, Action<T> change)
    {
        change(message);
        return message;
    }
}
