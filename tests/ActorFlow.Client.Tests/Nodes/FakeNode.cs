using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Client.Tests.Nodes;

/// <summary>A node that answers as a test says, over HTTP/1.1 at one port and over gRPC at another.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Script _script;
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections;

    private FakeNode(WebApplication app, Script script, ConcurrentDictionary<string, ConnectionContext> connections, int port, int grpcPort)
    {
        (_app, _script, _connections, Port, GrpcPort) = (app, script, connections, port, grpcPort);
        _script.GrpcAddress = $"http://127.0.0.1:{grpcPort}";
    }

    public int Port { get; }

    public int GrpcPort { get; }

    public string Address => Port == GrpcPort ? $"https://localhost:{Port}" : $"http://127.0.0.1:{Port}";

    /// <summary>Every gRPC call so far.</summary>
    public IReadOnlyList<FakeCall> Calls => [.. _script.Calls];

    /// <summary>How many gRPC connections were made.</summary>
    public int Connections => _script.Connections;

    /// <summary>The headers <c>authorization</c> of the questions where gRPC is, one for each.</summary>
    public IReadOnlyList<string?> Questions => [.. _script.Questions];

    /// <summary>What it says where gRPC is; null means that it says nothing.</summary>
    public string? GrpcAddress
    {
        set => _script.GrpcAddress = value;
    }

    /// <summary>What it answers instead of where gRPC is.</summary>
    public IResult? Info
    {
        set => _script.Info = value;
    }

    /// <param name="port">The port for HTTP/1.1; 0 means any.</param>
    /// <param name="streams">How many calls a connection takes at once.</param>
    /// <param name="certificate">With one, both are at one port, over TLS.</param>
    /// <param name="script">Says what the node answers from the beginning.</param>
    public static async Task<FakeNode> StartAsync(
        int port = 0, int streams = 1_000, X509Certificate2? certificate = null, Action<FakeNode>? script = null)
    {
        var (state, connections) = (new Script(), new ConcurrentDictionary<string, ConnectionContext>());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = streams;
            if (certificate is null)
            {
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            }

            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = certificate is null ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }

                listen.Use(next => async connection =>
                {
                    Interlocked.Increment(ref state.Connections);
                    connections[connection.ConnectionId] = connection;
                    await next(connection);
                    connections.TryRemove(connection.ConnectionId, out _);
                });
            });
        });
        builder.Services.AddSingleton(state);
        builder.Services.AddSingleton<ScriptInterceptor>();
        builder.Services.AddGrpc(options => options.Interceptors.Add<ScriptInterceptor>());
        var app = builder.Build();
        app.MapGrpcService<AnyWorkflows>();
        app.MapGrpcService<AnyDefinitions>();
        app.MapGet("/api/v1/info", (HttpContext http) =>
        {
            if (http.Request.Protocol == "HTTP/1.1")
            {
                state.Questions.Enqueue(http.Request.Headers.Authorization);
            }

            return state.Info ?? (state.GrpcAddress is { } at
                ? Results.Content($$"""{"build":"test","grpcAddress":"{{at}}"}""", "application/json")
                : Results.Content("""{"build":"test"}""", "application/json"));
        });
        await app.StartAsync();
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        var node = new FakeNode(app, state, connections, ports[0], ports[^1]);
        script?.Invoke(node);
        return node;
    }

    /// <summary>Answers requests of a type.</summary>
    /// <param name="answer">Gives the answer to a request and the number of the call, from 1.</param>
    public void On<TRequest>(Func<TRequest, int, IMessage> answer)
        where TRequest : IMessage =>
        On<TRequest>((request, number, _) => Task.FromResult(answer(request, number)));

    /// <inheritdoc cref="On{TRequest}(Func{TRequest, int, IMessage})"/>
    public void On<TRequest>(Func<TRequest, int, ServerCallContext, Task<IMessage>> answer)
        where TRequest : IMessage =>
        _script.Answers[typeof(TRequest)] = (request, number, context) => answer((TRequest)request, number, context);

    /// <summary>Streams to requests of a type.</summary>
    /// <param name="stream">Writes to the stream for a request and the number of the call, from 1.</param>
    public void OnStream<TRequest>(Func<TRequest, int, Func<IMessage, Task>, ServerCallContext, Task> stream)
        where TRequest : IMessage =>
        _script.Streams[typeof(TRequest)] = (request, number, write, context) => stream((TRequest)request, number, write, context);

    /// <summary>The requests of a type so far.</summary>
    public IReadOnlyList<TRequest> Requests<TRequest>() => [.. _script.Calls.Select(call => call.Request).OfType<TRequest>()];

    /// <summary>Breaks every gRPC connection.</summary>
    public void Break()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break();
        await _app.DisposeAsync();
    }

    /// <summary>The refusal that a node answers with.</summary>
    public static RpcException Refusal(string code, string detail = "No.", params Metadata.Entry[] trailers)
    {
        var all = new Metadata { { "actorflow-code", RefusalCode.Of(code).ApiWord } };
        foreach (var trailer in trailers)
        {
            all.Add(trailer);
        }

        return new(new((StatusCode)RefusalCode.Of(code).GrpcStatus, detail), all);
    }

    private sealed class AnyWorkflows : V1.Workflows.WorkflowsBase;

    private sealed class AnyDefinitions : V1.Definitions.DefinitionsBase;

    private sealed class Script
    {
        public int Connections;

        public ConcurrentQueue<FakeCall> Calls { get; } = [];

        public ConcurrentQueue<string?> Questions { get; } = [];

        public ConcurrentDictionary<Type, int> Numbers { get; } = [];

        public ConcurrentDictionary<Type, Func<IMessage, int, ServerCallContext, Task<IMessage>>> Answers { get; } = [];

        public ConcurrentDictionary<Type, Func<IMessage, int, Func<IMessage, Task>, ServerCallContext, Task>> Streams { get; } = [];

        public string? GrpcAddress { get; set; }

        public IResult? Info { get; set; }

        public int Record(IMessage request, ServerCallContext context)
        {
            Calls.Enqueue(new(request, context.RequestHeaders.GetValue("authorization")));
            return Numbers.AddOrUpdate(request.GetType(), 1, (_, number) => number + 1);
        }
    }

    private sealed class ScriptInterceptor(Script script) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            var number = script.Record((IMessage)request, context);
            return script.Answers.TryGetValue(typeof(TRequest), out var answer)
                ? (TResponse)await answer((IMessage)request, number, context)
                : await continuation(request, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            var number = script.Record((IMessage)request, context);
            return script.Streams.TryGetValue(typeof(TRequest), out var stream)
                ? stream((IMessage)request, number, message => responseStream.WriteAsync((TResponse)message), context)
                : continuation(request, responseStream, context);
        }
    }
}

/// <summary>A gRPC call that reached a node.</summary>
/// <param name="Request">The request.</param>
/// <param name="Authorization">The metadata <c>authorization</c>.</param>
internal sealed record FakeCall(IMessage Request, string? Authorization);
