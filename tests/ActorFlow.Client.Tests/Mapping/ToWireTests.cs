using ActorFlow.Client.Mapping;
using ActorFlow.Client.Tests.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Client.Tests.Mapping;

public sealed class ToWireTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.FromHours(2));

    private static readonly ListQuery Query = new()
    {
        Status = [WorkflowStatus.Failed, WorkflowStatus.Stuck],
        Definition = "order@3",
        Tags = new Dictionary<string, string> { ["customer"] = "7" },
        Since = Noon,
        Until = Noon.AddDays(1),
        Parent = "parent",
        Text = "text",
        Limit = 7,
        Cursor = "cursor",
    };

    [Fact]
    public void A_start_is_sent_whole() => IsSet(
        ToWire.Start("order@3", Payload.Parse("[1]"), new() { Id = "a", Tags = new Dictionary<string, string> { ["k"] = "v" }, Directory = "/d", CommandId = "c", Delay = TimeSpan.FromHours(2) }),
        new()
        {
            Definition = "order@3",
            Input = ByteString.CopyFromUtf8("[1]"),
            Id = "a",
            Tags = { ["k"] = "v" },
            Directory = "/d",
            CommandId = "c",
            Delay = Duration.FromTimeSpan(TimeSpan.FromHours(2)),
        },
        "wait", "start_at");

    [Fact]
    public void A_start_at_a_time_is_sent_with_it() => Assert.Equal(
        Timestamp.FromDateTimeOffset(Noon), ToWire.Start("order", null, new() { StartAt = Noon }).StartAt);

    [Fact]
    public void A_fork_is_sent_whole() => IsSet(
        ToWire.Fork("a", new() { From = "#12", Id = "b", Input = Payload.Null, CommandId = "c" }),
        new() { Id = "a", From = "#12", NewId = "b", Input = ByteString.CopyFromUtf8("null"), CommandId = "c" });

    [Fact]
    public void A_list_is_asked_for_whole()
    {
        var request = ToWire.List(Query);

        IsSet(request, new() { Filter = request.Filter, Limit = 7, Cursor = "cursor" });
        IsSet(request.Filter, new()
        {
            Status = { V1.WorkflowStatus.Failed, V1.WorkflowStatus.Stuck },
            Definition = "order@3",
            Tags = { ["customer"] = "7" },
            Since = Timestamp.FromDateTimeOffset(Noon),
            Until = Timestamp.FromDateTimeOffset(Noon.AddDays(1)),
            Parent = "parent",
            Text = "text",
        });
        Assert.Equal(request.Filter, ToWire.Filter(Query));
    }

    [Fact]
    public void A_watch_of_many_is_asked_for_whole()
    {
        var filter = ToWire.Filter(new WatchFilter { Definition = "order", Status = [WorkflowStatus.Paused], Tags = new Dictionary<string, string> { ["a"] = "b" }, Parent = "p" });

        Assert.Equal(new() { Definition = "order", Status = { V1.WorkflowStatus.Paused }, Tags = { ["a"] = "b" }, Parent = "p" }, filter);
    }

    [Fact]
    public void What_is_null_is_empty()
    {
        var start = ToWire.Start("order", null, null);

        Assert.True(start.Input.IsEmpty);
        Assert.Equal((string.Empty, string.Empty), (start.Id, start.Directory));
        Assert.Equal(7, Guid.Parse(start.CommandId).Version);
        Assert.Equal(new V1.ListWorkflowsRequest { Filter = new(), Limit = 100 }, ToWire.List(null));
        Assert.Equal(new(), ToWire.Filter((WatchFilter?)null));
        Assert.Equal(new V1.GetHistoryRequest { Id = "a", Limit = 100 }, ToWire.History("a", default, 100));
    }

    [Fact]
    public async Task Every_command_is_sent_whole()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.SignalWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.AnswerWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.ResumeWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.CancelWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.TerminateWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.RetryWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.RewindWorkflowRequest>((_, _) => Fakes.Accepted);
        node.On<V1.TakeCheckpointRequest>((_, _) => Fakes.Accepted);
        node.On<V1.PurgeWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(node);

        await client.SignalAsync("a", "paid", Payload.Parse("1"), "c1").InTime();
        await client.AnswerAsync("a", "ask", Payload.Parse("true"), Answer, "c2").InTime();
        await client.PauseAsync("a", "c3").InTime();
        await client.ResumeAsync("a", "c4").InTime();
        await client.CancelAsync("a", "late", "c5").InTime();
        await client.TerminateAsync("a", "wrong", "c6").InTime();
        await client.RetryAsync("a", "task", "c7").InTime();
        await client.RewindAsync("a", "#12", "c8").InTime();
        await client.TakeCheckpointAsync("a", "before", "c9").InTime();
        await client.PurgeAsync("a", "c10").InTime();

        IMessage[] sent =
        [
            new V1.SignalWorkflowRequest { Id = "a", Name = "paid", Payload = ByteString.CopyFromUtf8("1"), CommandId = "c1" },
            new V1.AnswerWorkflowRequest { Id = "a", Task = "ask", Value = ByteString.CopyFromUtf8("true"), Comment = "fine", ClaimedBy = "Ann", CommandId = "c2" },
            new V1.PauseWorkflowRequest { Id = "a", CommandId = "c3" },
            new V1.ResumeWorkflowRequest { Id = "a", CommandId = "c4" },
            new V1.CancelWorkflowRequest { Id = "a", Reason = "late", CommandId = "c5" },
            new V1.TerminateWorkflowRequest { Id = "a", Reason = "wrong", CommandId = "c6" },
            new V1.RetryWorkflowRequest { Id = "a", From = "task", CommandId = "c7" },
            new V1.RewindWorkflowRequest { Id = "a", To = "#12", CommandId = "c8" },
            new V1.TakeCheckpointRequest { Id = "a", Name = "before", CommandId = "c9" },
            new V1.PurgeWorkflowRequest { Id = "a", CommandId = "c10" },
        ];
        Assert.Equal(sent, node.Calls.Select(call => call.Request));
        Assert.All(sent, request => AllSet(request));
    }

    private static AnswerOptions Answer => new() { By = "nobody", ClaimedBy = "Ann", Comment = "fine" };

    [Fact]
    public void Who_answers_is_a_claim_over_the_wire() =>
        Assert.Equal("Ann", ToWire.Answer("a", "ask", Payload.Null, new() { By = "Ann" }, null).ClaimedBy);

    public static TheoryData<string, string> Empty => new()
    {
        { "id", "bad-id" },
        { "fork id", "bad-id" },
        { "fork from", "checkpoint-not-found" },
        { "command id", "invalid-request" },
        { "retry from", "task-not-found" },
        { "definition", "invalid-request" },
        { "parent", "invalid-request" },
        { "cursor", "invalid-request" },
        { "limit", "invalid-request" },
        { "history limit", "invalid-request" },
        { "half", "not-text" },
        { "half tag", "not-text" },
        { "status", "invalid-request" },
    };

    // On the wire these would mean something else.
    [Theory]
    [MemberData(nameof(Empty))]
    public async Task What_the_wire_cannot_say_is_refused(string what, string code)
    {
        await using var client = WorkflowClient.Connect("http://127.0.0.1:1");

        var refusal = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => what switch
        {
            "id" => client.StartAsync("order", options: new() { Id = "" }),
            "fork id" => client.ForkAsync("a", new() { Id = "" }),
            "fork from" => client.ForkAsync("a", new() { From = "" }),
            "command id" => client.PauseAsync("a", ""),
            "retry from" => client.RetryAsync("a", ""),
            "definition" => client.ListPageAsync(new() { Definition = "" }),
            "parent" => client.CountAsync(new() { Parent = "" }),
            "cursor" => client.ListPageAsync(new() { Cursor = "" }),
            "limit" => client.ListPageAsync(new() { Limit = 0 }),
            "history limit" => client.HistoryAsync("a", limit: 0),
            "half" => client.SignalAsync("a", "\uD800"),
            "half tag" => client.StartAsync("order", options: new() { Tags = new Dictionary<string, string> { ["k"] = "\uDC00" } }),
            "status" => client.ListPageAsync(new() { Status = [(WorkflowStatus)99] }),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        });

        Assert.Equal(code, refusal.Code);
    }

    private static void IsSet<T>(T message, T expected, params string[] except)
        where T : IMessage
    {
        Assert.Equal(expected, message);
        AllSet(message, except);
    }

    // A field that the contract gains shows here.
    private static void AllSet(IMessage message, params string[] except) => Assert.All(
        message.Descriptor.Fields.InDeclarationOrder().Where(field => !except.Contains(field.Name)),
        field => Assert.True(IsSet(field, message), $"{message.Descriptor.Name}.{field.Name} is not set"));

    private static bool IsSet(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        null or "" or 0 => false,
        ByteString bytes => !bytes.IsEmpty,
        System.Collections.ICollection items => items.Count > 0,
        _ => true,
    };
}
