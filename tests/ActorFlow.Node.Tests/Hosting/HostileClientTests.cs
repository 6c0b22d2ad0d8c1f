using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorFlow.Node.Tests.Hosting;

/// <summary>Clients that hold connections, send no end of headers or bodies, speak nonsense or read nothing: the others are served meanwhile.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    /// <summary>How many connections are held: 10,000 by CI_LONG=1.</summary>
    private static readonly int Held = Environment.GetEnvironmentVariable("CI_LONG") == "1" ? 10_000 : 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Socket> _sockets = [];
    private RunningNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        await _node.Local.Definitions.RegisterAsync(Samples.Definitions);
    }

    public async Task DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Idle_connections_cost_little_and_harm_nobody()
    {
        await WorksAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Held; i++)
        {
            await ConnectAsync(_node.Http.BaseAddress!);
        }

        await WorksAsync();

        // Both ends of each connection are in this process.
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Held;
        Assert.True(each < 64 * 1024, $"A connection holds {each / 1024:n1} KB.");
    }

    [Fact]
    public async Task Headers_that_come_a_byte_at_a_time_harm_nobody_and_are_given_up()
    {
        for (var i = 0; i < Held; i++)
        {
            await SendAsync(await ConnectAsync(_node.Http.BaseAddress!), "GET /api/v1/info HTTP/1.1\r\nHost: local");
        }

        await WorksAsync();

        // Kestrel gives them 10 seconds: then they are answered with 408, or closed.
        var answer = await ReceiveAsync(_sockets[0]);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        await WorksAsync();
    }

    [Theory]
    [InlineData("POST /api/v1/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{", "HTTP/1.1 413")]
    [InlineData("POST /api/v1/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n{", "HTTP/1.1 400")]
    [InlineData("GET /api/v1/info HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("NONSENSE\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /api/v1/info HTTP/9.9\r\nHost: localhost\r\n\r\n", "HTTP/1.1 505")]
    public async Task Nonsense_is_refused_at_once(string sent, string answered)
    {
        var socket = await ConnectAsync(_node.Http.BaseAddress!);
        await SendAsync(socket, sent);

        Assert.StartsWith(answered, await ReceiveAsync(socket), StringComparison.Ordinal);
        await WorksAsync();
    }

    [Fact]
    public async Task A_header_without_end_is_refused()
    {
        var socket = await ConnectAsync(_node.Http.BaseAddress!);
        await SendAsync(socket, "GET /api/v1/info HTTP/1.1\r\nHost: localhost\r\nX-Long: " + new string('x', 64 << 10));

        Assert.StartsWith("HTTP/1.1 431", await ReceiveAsync(socket), StringComparison.Ordinal);
        await WorksAsync();
    }

    [Fact]
    public async Task Malformed_HTTP_2_ends_its_connection_only()
    {
        var gRPC = new Uri($"http://{_node.Channel.Target}");
        byte[][] sent =
        [
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
            // The preface, and then a frame of 16 MB, a frame of headers on stream 0, settings of a wrong length, a window update of 0.
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0, 0, 0, 1],
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 1, 4, 0, 0, 0, 0, 1, 2, 3, 4],
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 5, 4, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5],
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ];
        foreach (var bytes in sent)
        {
            var socket = await ConnectAsync(gRPC);
            await socket.SendAsync(bytes);
            await EndAsync(socket);
        }

        await WorksAsync();
        Assert.Equal("1", (await _node.Workflows.StartAsync(new() { Definition = "echo", Input = Google.Protobuf.ByteString.CopyFromUtf8("1"), Wait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(Patience) })).Result.Output.ToStringUtf8());
    }

    [Fact]
    public async Task Failure_75_who_watches_and_reads_nothing_slows_nobody_down()
    {
        var run = await _node.Local.StartAsync("order", Payload.FromString(new string('x', 500_000)), new() { Id = "slow" });
        for (var i = 0; i < 20; i++)
        {
            var socket = await ConnectAsync(_node.Http.BaseAddress!);
            socket.ReceiveBufferSize = 4_096;
            await SendAsync(socket, $"GET /api/v1/workflows/{run.Id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        await WorksAsync();
        await run.SignalAsync("paid", Payload.Parse("1"));

        Assert.Equal(WorkflowStatus.Completed, (await run.WaitForResultAsync().WaitAsync(Patience)).Status);
        Assert.Equal(["reserve", "ship"], _node.Tasks.Executions.Where(execution => execution.WorkflowId == "slow").Select(execution => execution.Path));
        await WorksAsync();
    }

    private async Task WorksAsync()
    {
        using var http = new HttpClient { BaseAddress = _node.Http.BaseAddress, Timeout = Patience };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/info")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/workflows")).StatusCode);
    }

    private async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port).WaitAsync(Patience);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text)).WaitAsync(Patience);
        }
        catch (SocketException)
        {
            // It was answered and closed before all was sent.
        }
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[512];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(Patience));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    /// <summary>Reads until the other side has closed.</summary>
    private static async Task EndAsync(Socket socket)
    {
        var buffer = new byte[512];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Patience) > 0)
            {
                // It says goodbye first.
            }
        }
        catch (SocketException)
        {
            // Closed at once.
        }
    }
}
