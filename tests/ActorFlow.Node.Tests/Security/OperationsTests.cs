using System.Net;
using System.Text.RegularExpressions;
using ActorFlow.Node.Api;
using ActorFlow.Node.Json;
using ActorFlow.Node.Security;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Node.Tests.Security;

/// <summary>Every operation of both transports, asked by those who may not.</summary>
public sealed partial class OperationsTests(GuardedNode fixture) : IClassFixture<GuardedNode>
{
    private static readonly FileDescriptor[] Files = [V1.DefinitionsReflection.Descriptor, V1.WorkflowsReflection.Descriptor, V1.KeysReflection.Descriptor, V1.AuditReflection.Descriptor];

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(message => message, bytes => bytes);

    private RunningNode Node => fixture.Node;

    public static TheoryData<string> Credentials => new() { "none", "junk", "forged", "unknown", "expired", "revoked" };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Failure_92_over_JSON_no_operation_lets_in_who_has_no_valid_key(string credential)
    {
        var asked = 0;
        foreach (var route in JsonRoutes.Of(Node.Services).Where(route => route.Role != ApiRole.None))
        {
            foreach (var path in PathsOf(route))
            {
                var (status, problem, response) = await AskAsync(route, path, fixture.CredentialOf(credential));

                Assert.True(status == HttpStatusCode.Unauthorized, $"{route.Method} {path}: {status} {problem}");
                Assert.Contains("\"unauthenticated\"", problem, StringComparison.Ordinal);
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
                asked++;
            }
        }

        Assert.True(asked > 25, $"{asked} routes");
        Assert.Equal(fixture.Before, await fixture.StateAsync());
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Failure_92_over_gRPC_no_operation_lets_in_who_has_no_valid_key(string credential)
    {
        var asked = 0;
        foreach (var method in Methods())
        {
            var refused = await AskAsync(method, fixture.CredentialOf(credential));

            Assert.True(refused?.StatusCode == StatusCode.Unauthenticated, $"{method.FullName}: {refused}");
            Assert.Equal("unauthenticated", refused.Trailers.GetValue("actorflow-code"));
            asked++;
        }

        Assert.True(asked > 25, $"{asked} methods");
        Assert.Equal(fixture.Before, await fixture.StateAsync());
    }

    [Fact]
    public async Task Over_JSON_each_operation_needs_its_role()
    {
        foreach (var route in JsonRoutes.Of(Node.Services).Where(route => route.Role != ApiRole.None))
        {
            foreach (var (role, key) in fixture.KeysByRole.Where(key => key.Role < route.Role))
            {
                foreach (var path in PathsOf(route))
                {
                    var (status, problem, _) = await AskAsync(route, path, key);

                    Assert.True(status == HttpStatusCode.Forbidden, $"{role} {route.Method} {path}: {status} {problem}");
                    Assert.Contains("\"forbidden\"", problem, StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(fixture.Before, await fixture.StateAsync());
    }

    // What is asked of nobody's run changes nothing.
    [Fact]
    public async Task Over_JSON_whoever_has_the_role_is_let_in()
    {
        foreach (var route in JsonRoutes.Of(Node.Services).Where(route => route.Role != ApiRole.None && !route.Path.EndsWith("events", StringComparison.Ordinal)))
        {
            foreach (var (role, key) in fixture.KeysByRole.Where(key => key.Role >= route.Role))
            {
                var (status, problem, _) = await AskAsync(route, PathsOf(route).First(), key);

                Assert.False(status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{role} {route.Method} {route.Path}: {status} {problem}");
            }
        }
    }

    [Fact]
    public async Task Over_gRPC_each_operation_needs_its_role()
    {
        var roles = JsonRoutes.Of(Node.Services).ToDictionary(route => route.Name, route => route.Role);
        foreach (var method in Methods())
        {
            var needs = roles[$"{method.Service.Name}.{method.Name}"];
            foreach (var (role, key) in fixture.KeysByRole.Where(key => key.Role < needs))
            {
                var refused = await AskAsync(method, key);

                Assert.True(refused?.StatusCode == StatusCode.PermissionDenied, $"{role} {method.FullName}: {refused}");
                Assert.Equal("forbidden", refused.Trailers.GetValue("actorflow-code"));
            }
        }

        Assert.Equal(fixture.Before, await fixture.StateAsync());
    }

    private static IEnumerable<MethodDescriptor> Methods() => Files.SelectMany(file => file.Services).SelectMany(service => service.Methods);

    private static IEnumerable<string> PathsOf(JsonRoute route)
    {
        var path = "/api/v1" + Part().Replace(route.Path, "1");
        yield return path;
        if (route.Path.StartsWith("/workflows/{id}", StringComparison.Ordinal))
        {
            yield return "/api/v1/workflows/-" + Part().Replace(route.Path["/workflows/{id}".Length..], "1") + "?id=1";
        }
    }

    private async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> AskAsync(JsonRoute route, string path, string? key) => await Node.SendAsync(
        route.Method, path, route.Body is null ? null : "{", headers: key is null ? [] : [("Authorization", $"Bearer {key}")]);

    private async Task<RpcException?> AskAsync(MethodDescriptor method, string? key)
    {
        var headers = key is null ? new Metadata() : new Metadata { { "authorization", $"Bearer {key}" } };
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var raw = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Raw, Raw);
        var calls = Node.Channel.CreateCallInvoker();
        try
        {
            if (method.IsServerStreaming)
            {
                using var stream = calls.AsyncServerStreamingCall(raw, null, new(headers), []);
                await stream.ResponseStream.MoveNext(default);
            }
            else
            {
                await calls.AsyncUnaryCall(raw, null, new(headers), []);
            }

            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Part();
}

/// <summary>A node with keys of all sorts.</summary>
public sealed class GuardedNode : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _credentials = [];

    internal RunningNode Node { get; private set; } = null!;

    internal List<(ApiRole Role, string Key)> KeysByRole { get; } = [];

    internal string Before { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        Node = await RunningNode.StartAsync();
        await Node.Local.Definitions.RegisterAsync(Samples.Definitions);
        await Node.Local.StartAsync("order", options: new() { Id = "1" });
        foreach (var role in (ApiRole[])[ApiRole.Viewer, ApiRole.Operator, ApiRole.Admin])
        {
            KeysByRole.Add((role, await Node.KeyAsync(role.ToWord(), role)));
        }

        var valid = KeysByRole[^1].Key;
        var expired = await Node.KeyAsync("expired", ApiRole.Admin, TimeSpan.FromTicks(1));
        var revoked = await Node.KeyAsync("revoked", ApiRole.Admin);
        await Node.Keys.RevokeAsync("revoked", "os:test", evenTheLast: false);
        await Node.Services.GetRequiredService<KeyRing>().ReadAsync(default);
        (_credentials["none"], _credentials["junk"], _credentials["expired"], _credentials["revoked"]) = (null, "junk", expired, revoked);
        _credentials["forged"] = valid[..20] + expired[20..];
        _credentials["unknown"] = $"af_{new string('0', 16)}{valid[19..]}";
        await TestSupport.Eventually.HoldsAsync(
            async () => (await Node.Local.DescribeAsync("1")).Waits.Any(wait => wait.Kind == WaitKind.Signal), "it waits");
        Before = await StateAsync();
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();

    internal string? CredentialOf(string credential) => _credentials[credential];

    /// <summary>What nobody may have changed.</summary>
    internal async Task<string> StateAsync()
    {
        var history = await Node.Local.HistoryAsync("1", limit: 1_000);
        var counts = await Node.Local.CountAsync();
        return $"{history.Next} {counts.Values.Sum()} {(await Node.Local.Definitions.ListAsync()).Length} {(await Node.Keys.ListAsync()).Count(key => key.Revoked is null)}";
    }
}
