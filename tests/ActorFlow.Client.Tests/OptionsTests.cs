using ActorFlow.Client.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ActorFlow.Client.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "empty", "Addresses is empty. Give the HTTP address of a node, as http://127.0.0.1:9110." },
        { "null", "Addresses is empty. Give the HTTP address of a node, as http://127.0.0.1:9110." },
        { "blank", "Addresses[0] is empty. Write it as http://127.0.0.1:9110." },
        { "no scheme", "Addresses[0] 'localhost:9110' does not begin with http:// or https://. Write it as http://127.0.0.1:9110." },
        { "other scheme", "Addresses[1] 'ftp://localhost' does not begin with http:// or https://. Write it as http://127.0.0.1:9110." },
        { "path", "Addresses[0] 'http://localhost/api' has more than scheme, host and port. Write it as http://127.0.0.1:9110." },
        { "query", "Addresses[0] 'http://localhost?a=b' has more than scheme, host and port. Write it as http://127.0.0.1:9110." },
        { "user", "Addresses[0] names a user. Give the key as ApiKey. Write it as http://127.0.0.1:9110." },
        {
            "key elsewhere",
            "Addresses[1] 'http://node7:9110' is another machine, and the API key would go there in clear text. Use https://, or set AllowInsecureKey where nobody can listen."
        },
        { "key", "ApiKey must have 1 to 1,000 visible ASCII characters, without blanks." },
        { "no key", "ApiKey must have 1 to 1,000 visible ASCII characters, without blanks." },
        { "no time", "Timeout must lie between 1 ms and 1 day, but is 00:00:00." },
        { "much time", "Timeout must lie between 1 ms and 1 day, but is 1.00:00:01." },
        { "no time to connect", "ConnectTimeout must lie between 1 ms and 1 min, but is -00:00:01." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_that_are_wrong_say_so(string what, string message)
    {
        var options = Of(what);

        var wrong = Assert.Throws<ArgumentException>(() => WorkflowClient.Connect(options));

        Assert.StartsWith(message, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        var wrong = Assert.Throws<ArgumentException>(() => new WorkflowClient(new() { Timeout = default, ApiKey = "ü" }));

        Assert.Equal(3, wrong.Message.Split('\n').Length);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9110", false)]
    [InlineData("http://localhost:9110", false)]
    [InlineData("http://[::1]:9110", false)]
    [InlineData("https://node7:9110", false)]
    [InlineData("http://node7:9110", true)]
    public void A_key_goes_where_nobody_else_reads_it(string address, bool allowsInsecureKey)
    {
        using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [address], ApiKey = "af_1_x", AllowInsecureKey = allowsInsecureKey });

        Assert.NotNull(client.Definitions);
    }

    [Fact]
    public void The_defaults_are_those_that_are_documented()
    {
        var options = new WorkflowClientOptions();

        Assert.Equal((30, 5), (options.Timeout.TotalSeconds, options.ConnectTimeout.TotalSeconds));
        Assert.Empty(options.Addresses);
        Assert.Null(options.ApiKey);
        Assert.False(options.AllowInsecureKey);
        Assert.Null(options.ConfigureHandler);
    }

    [Fact]
    public async Task An_application_has_one_client()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var services = new ServiceCollection().AddActorFlowClient(o => o.Addresses = [node.Address]).BuildServiceProvider();

        var client = services.GetRequiredService<IWorkflowClient>();
        await client.PauseAsync("a").InTime();

        Assert.Same(client, services.GetRequiredService<WorkflowClient>());
        Assert.Same(client.Definitions, services.GetRequiredService<IDefinitionClient>());
        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task A_client_that_is_there_stays()
    {
        await using var own = WorkflowClient.Connect("http://127.0.0.1:1");
        await using var services = new ServiceCollection()
            .AddSingleton<IWorkflowClient>(own)
            .AddActorFlowClient(o => o.Addresses = ["http://127.0.0.1:2"])
            .BuildServiceProvider();

        Assert.Same(own, services.GetRequiredService<IWorkflowClient>());
        Assert.NotSame(own, services.GetRequiredService<WorkflowClient>());
    }

    [Fact]
    public async Task Options_among_services_are_checked()
    {
        await using var services = new ServiceCollection().AddActorFlowClient(o => o.Addresses = ["node7"]).BuildServiceProvider();

        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IWorkflowClient>());

        Assert.StartsWith("Addresses[0] 'node7' does not begin with http://", Assert.Single(wrong.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_handler_of_each_connection_can_be_changed()
    {
        var handlers = 0;
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], ConfigureHandler = _ => handlers++ });

        await client.PauseAsync("a").InTime();

        Assert.Equal(2, handlers);
    }

    private static WorkflowClientOptions Of(string what) => what switch
    {
        "empty" => new(),
        "null" => new() { Addresses = null! },
        "blank" => new() { Addresses = [" "] },
        "no scheme" => new() { Addresses = ["localhost:9110"] },
        "other scheme" => new() { Addresses = ["http://localhost", "ftp://localhost"] },
        "path" => new() { Addresses = ["http://localhost/api"] },
        "query" => new() { Addresses = ["http://localhost?a=b"] },
        "user" => new() { Addresses = ["http://me:secret@localhost"] },
        "key elsewhere" => new() { Addresses = ["http://localhost", "http://node7:9110"], ApiKey = "af_secret" },
        "key" => new() { Addresses = ["http://localhost"], ApiKey = "af secret" },
        "no key" => new() { Addresses = ["http://localhost"], ApiKey = "" },
        "no time" => new() { Addresses = ["http://localhost"], Timeout = default },
        "much time" => new() { Addresses = ["http://localhost"], Timeout = TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1) },
        "no time to connect" => new() { Addresses = ["http://localhost"], ConnectTimeout = TimeSpan.FromSeconds(-1) },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
