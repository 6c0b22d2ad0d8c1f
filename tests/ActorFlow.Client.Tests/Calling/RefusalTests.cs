using ActorFlow.Client.Tests.Nodes;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Client.Tests.Calling;

public sealed class RefusalTests
{
    public static TheoryData<string> Codes => [.. RefusalCode.All.Select(code => code.ApiWord).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Each_code_is_the_exception_of_its_family_and_only_three_are_repeated(string code)
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, _) => throw FakeNode.Refusal(code, $"This is {code}."));
        await using var client = Clients.Of(new HastyTime(), node);

        var refusal = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => client.DescribeAsync("a").InTime());

        Assert.IsType(WorkflowRefusedException.Of(code, string.Empty).GetType(), refusal);
        Assert.Equal((code, $"This is {code}."), (refusal.Code, refusal.Message));
        Assert.IsType<RpcException>(refusal.InnerException);
        Assert.Equal(code is "unavailable" or "overloaded" or "timeout", node.Calls.Count > 1);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "unavailable", true)]
    [InlineData(StatusCode.DeadlineExceeded, "timeout", true)]
    [InlineData(StatusCode.ResourceExhausted, "overloaded", true)]
    [InlineData(StatusCode.Cancelled, "unavailable", true)]
    [InlineData(StatusCode.Unauthenticated, "unauthenticated", false)]
    [InlineData(StatusCode.PermissionDenied, "forbidden", false)]
    [InlineData(StatusCode.InvalidArgument, "internal", false)]
    [InlineData(StatusCode.NotFound, "internal", false)]
    [InlineData(StatusCode.Unimplemented, "internal", false)]
    [InlineData(StatusCode.Internal, "internal", false)]
    [InlineData(StatusCode.Unknown, "internal", false)]
    [InlineData(StatusCode.DataLoss, "internal", false)]
    public async Task A_status_without_a_code_has_one_all_the_same(StatusCode status, string code, bool isRepeated)
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, _) => throw new RpcException(new(status, "So it is.")));
        await using var client = Clients.Of(new HastyTime(), node);

        var refusal = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal(code, refusal.Code);
        Assert.Equal(isRepeated, node.Calls.Count > 1);
    }

    [Fact]
    public async Task A_code_that_is_not_known_is_an_internal_error()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, _) => throw new RpcException(new(StatusCode.Unavailable, "New."), new Metadata { { "actorflow-code", "of-tomorrow" } }));
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAsync<InternalErrorException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal("of-tomorrow", refusal.Code);
        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task A_request_that_is_too_large_for_the_node_is_not_repeated()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.SignalWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => client.SignalAsync("a", "s", Payload.FromString(new('x', 5 << 20))).InTime());

        Assert.Equal("payload-too-large", refusal.Code);
    }

    [Fact]
    public async Task An_answer_may_be_larger_than_a_request()
    {
        await using var node = await FakeNode.StartAsync();
        var ended = Fakes.Ended("a");
        ended.Result.Output = ByteString.CopyFromUtf8($"\"{new string('x', 8 << 20)}\"");
        node.On<V1.GetResultRequest>((_, _) => ended);
        await using var client = Clients.Of(node);

        var result = await client.ResultAsync("a").InTime();

        Assert.Equal((8 << 20) + 2, result!.Output!.Length);
    }

    [Fact]
    public async Task The_problems_of_a_definition_come_with_their_places()
    {
        var problems = new V1.DefinitionProblems
        {
            Problems =
            {
                new V1.DefinitionProblem { Line = 3, Column = 5, Path = "tasks.a", Code = "unknown-key", Message = "No such key." },
                new V1.DefinitionProblem { Path = "tasks.b", Code = "cycle", Message = "It comes after itself." },
                new V1.DefinitionProblem { Code = "empty", Message = "There is nothing.", Warning = true },
            },
        };
        await using var node = await FakeNode.StartAsync();
        node.On<V1.RegisterDefinitionsRequest>((_, _) =>
            throw FakeNode.Refusal("definition-invalid", "Three.", new Metadata.Entry("actorflow-problems-bin", problems.ToByteArray())));
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAsync<DefinitionException>(() => client.Definitions.RegisterAsync("name: x").InTime());

        Assert.Equal(["definition:3:5", "tasks.b", "definition"], refusal.Errors.Select(problem => problem.Location));
        Assert.Equal(
            "definition:3:5 unknown-key No such key.\ntasks.b cycle It comes after itself.\ndefinition empty There is nothing.", refusal.Message);
        Assert.Equal([false, false, true], refusal.Errors.Select(problem => problem.IsWarning));
        Assert.Equal("tasks.a", refusal.Errors[0].Path);
        Assert.Single(node.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0xFF, 0xFF })]
    public async Task A_definition_may_be_refused_without_problems(byte[]? trailer)
    {
        await using var node = await FakeNode.StartAsync();
        Metadata.Entry[] trailers = trailer is null ? [] : [new("actorflow-problems-bin", trailer)];
        node.On<V1.RegisterDefinitionsRequest>((_, _) => throw FakeNode.Refusal("definition-invalid", "It is not valid.", trailers));
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => client.Definitions.RegisterAsync("name: x").InTime());

        Assert.Equal(("definition-invalid", "It is not valid."), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task A_name_without_versions_has_none()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.ListVersionsRequest>((_, _) => throw FakeNode.Refusal("definition-not-found"));
        await using var client = Clients.Of(node);

        Assert.Empty(await client.Definitions.VersionsAsync("nobody").InTime());
    }
}
