using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorFlow.Client.Connecting;
using ActorFlow.Client.Tests.Nodes;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Client.Tests.Connecting;

public sealed class AddressTests
{
    private readonly HastyTime _time = new();

    [Fact]
    public async Task A_node_is_asked_once_where_its_grpc_is()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(node);

        Assert.Empty(node.Questions);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PauseAsync("a"))).InTime();
        await client.PauseAsync("a").InTime();

        Assert.Null(Assert.Single(node.Questions));
        Assert.Equal(1, node.Connections);
    }

    [Theory]
    [InlineData("unavailable")]
    [InlineData("no status")]
    [InlineData("nobody")]
    [InlineData("broken info")]
    [InlineData("failing info")]
    [InlineData("wrong port")]
    public async Task The_next_address_is_used_when_one_fails_without_a_pause(string fault)
    {
        await using var first = await FakeNode.StartAsync();
        await using var second = await FakeNode.StartAsync();
        first.On<V1.PauseWorkflowRequest>((_, _) => throw (fault == "unavailable"
            ? FakeNode.Refusal("unavailable")
            : new Grpc.Core.RpcException(new(Grpc.Core.StatusCode.Unavailable, ""))));
        second.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        switch (fault)
        {
            case "nobody":
                await first.DisposeAsync();
                break;
            case "broken info":
                first.Info = Results.Text("<html>");
                break;
            case "failing info":
                first.Info = Results.StatusCode(503);
                break;
            case "wrong port":
                first.GrpcAddress = $"http://127.0.0.1:{FreePort()}";
                break;
        }

        await using var client = Clients.Of(_time, first, second);

        await client.PauseAsync("a", "c").InTime();
        await client.PauseAsync("b", "d").InTime();

        Assert.Empty(_time.Pauses);
        Assert.Equal(2, second.Calls.Count);
        Assert.Equal(fault is "unavailable" or "no status" ? 1 : 0, first.Calls.Count);
    }

    [Fact]
    public async Task A_pause_comes_after_all_addresses_have_failed()
    {
        await using var first = await FakeNode.StartAsync();
        await using var second = await FakeNode.StartAsync();
        first.On<V1.PauseWorkflowRequest>((_, number) => number < 3 ? throw FakeNode.Refusal("unavailable") : Fakes.Accepted);
        second.On<V1.PauseWorkflowRequest>((_, _) => throw FakeNode.Refusal("unavailable"));
        await using var client = Clients.Of(_time, first, second);

        await client.PauseAsync("a").InTime();

        Assert.Equal([25, 50], _time.Pauses.Select(pause => pause.TotalMilliseconds));
        Assert.Equal((3, 2), (first.Calls.Count, second.Calls.Count));
    }

    [Theory]
    [InlineData("overloaded")]
    [InlineData("timeout")]
    public async Task The_same_address_is_used_again_where_another_would_do_no_better(string code)
    {
        await using var first = await FakeNode.StartAsync();
        await using var second = await FakeNode.StartAsync();
        first.On<V1.PauseWorkflowRequest>((_, number) => number < 2 ? throw FakeNode.Refusal(code) : Fakes.Accepted);
        await using var client = Clients.Of(_time, first, second);

        await client.PauseAsync("a").InTime();

        Assert.Equal((2, 0), (first.Calls.Count, second.Calls.Count));
    }

    [Fact]
    public async Task An_address_that_does_not_answer_is_left_after_the_time_to_connect()
    {
        // It takes connections and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(new WorkflowClientOptions
        {
            Addresses = [$"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", node.Address],
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
        });

        await client.PauseAsync("a").InTime();

        Assert.Single(node.Calls);
    }

    [Theory]
    [InlineData(401, "unauthenticated")]
    [InlineData(403, "forbidden")]
    public async Task A_node_that_does_not_know_the_key_is_not_asked_again(int status, string code)
    {
        await using var node = await FakeNode.StartAsync();
        node.Info = Results.StatusCode(status);
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAsync<AccessDeniedException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal(code, refusal.Code);
        Assert.Contains(node.Address, refusal.Message, StringComparison.Ordinal);
        Assert.Single(node.Questions);
    }

    [Fact]
    public async Task What_is_no_node_is_named()
    {
        await using var node = await FakeNode.StartAsync();
        node.Info = Results.NotFound();
        await using var client = Clients.Of(_time, node);

        var refusal = await Assert.ThrowsAsync<UnavailableException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal($"{node.Address} is no ActorFlow node: it has no /api/v1/info.", refusal.Message);
    }

    [Fact]
    public async Task The_key_goes_with_every_question_and_call()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        node.OnStream<V1.WatchWorkflowRequest>((_, _, _, _) => Task.CompletedTask);
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], ApiKey = "af_1_secret" });

        await client.PauseAsync("a").InTime();
        await foreach (var _ in client.WatchAsync("a"))
        {
        }

        Assert.Equal("Bearer af_1_secret", Assert.Single(node.Questions));
        Assert.All(node.Calls, call => Assert.Equal("Bearer af_1_secret", call.Authorization));
        Assert.Equal(2, node.Calls.Count);
    }

    [Theory]
    [InlineData("http://192.0.2.1:9111")]
    [InlineData("http://elsewhere.example:9111")]
    public async Task The_key_does_not_follow_a_node_to_another_machine_in_clear_text(string elsewhere)
    {
        await using var node = await FakeNode.StartAsync();
        node.GrpcAddress = elsewhere;
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], ApiKey = "af_1_secret" });

        var refusal = await Assert.ThrowsAsync<AccessDeniedException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal("forbidden", refusal.Code);
        Assert.Contains(elsewhere, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("af_1_secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_does_not_follow_a_redirection()
    {
        await using var node = await FakeNode.StartAsync();
        await using var other = await FakeNode.StartAsync();
        node.Info = Results.Redirect($"{other.Address}/api/v1/info");
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], ApiKey = "af_1_secret" }, _time);

        await Assert.ThrowsAsync<UnavailableException>(() => client.DescribeAsync("a").InTime());

        Assert.Empty(other.Questions);
    }

    [Fact]
    public async Task Over_tls_one_port_is_enough()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using var node = await FakeNode.StartAsync(certificate: certificate);
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        // It would lead the key into clear text.
        node.GrpcAddress = "http://192.0.2.1:9111";
        var options = new WorkflowClientOptions
        {
            Addresses = [node.Address],
            ApiKey = "af_1_secret",
            ConfigureHandler = handler =>
                handler.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == certificate.GetCertHashString(),
        };
        await using (var client = Clients.Of(options))
        {
            await client.PauseAsync("a").InTime();
        }

        options.ConfigureHandler = null;
        await using var careful = Clients.Of(options, _time);

        await Assert.ThrowsAsync<UnavailableException>(() => careful.PauseAsync("a").InTime());
        Assert.Equal("Bearer af_1_secret", Assert.Single(node.Calls).Authorization);
    }

    [Theory]
    [InlineData("http://localhost:9110", null, "http://localhost:9110/")]
    [InlineData("https://flows.example", "http://127.0.0.1:9111", "https://flows.example/")]
    [InlineData("http://127.0.0.1:9110", "http://127.0.0.1:9111", "http://127.0.0.1:9111/")]
    [InlineData("http://node7:9110", "http://node7:9111", "http://node7:9111/")]
    [InlineData("http://node7:9110", "http://10.0.0.7:9111", "http://10.0.0.7:9111/")]
    // It does not know the name that it is called by.
    [InlineData("http://node7:9110", "http://127.0.0.1:9111", "http://node7:9111/")]
    [InlineData("http://node7:9110", "http://0.0.0.0:9111", "http://node7:9111/")]
    [InlineData("http://[2001:db8::7]:9110", "http://[::]:9111", "http://[2001:db8::7]:9111/")]
    [InlineData("http://localhost:9110", "http://[::]:9111", "http://localhost:9111/")]
    public void Grpc_is_where_the_node_says(string asked, string? said, string grpc) =>
        Assert.Equal(grpc, NodeAddress.OfGrpc(new(asked), said).AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:9111")]
    [InlineData("ftp://127.0.0.1:9111")]
    public void An_address_of_grpc_that_is_none_is_refused(string said) =>
        Assert.Throws<FormatException>(() => NodeAddress.OfGrpc(new("http://127.0.0.1:9110"), said));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
