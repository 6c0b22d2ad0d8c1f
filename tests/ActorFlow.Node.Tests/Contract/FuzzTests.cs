using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Node.Tests.Contract;

/// <summary>Bodies and messages that are broken in every way: each is answered, none finds a fault, and the node works on.</summary>
public sealed class FuzzTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const int AtOnce = 8;

    /// <summary>Of each sort: 24,000 in all by CI_LONG=1.</summary>
    private static readonly int Requested = Environment.GetEnvironmentVariable("CI_LONG") == "1" ? 12_000 : 2_000;

    private static readonly (string Path, string Body)[] Requests =
    [
        ("/workflows", """{"definition":"echo@1","id":"fuzz-1","input":{"a":[1,"\u00fc",null,true,1.5e3]},"tags":{"k":"v"},"wait":"0s"}"""),
        ("/workflows/fuzz/signals/paid", """{"amount":12,"text":"\"\\"}"""),
        ("/workflows/fuzz/answers", """{"task":"well","value":true,"comment":"c","claimedBy":"ann"}"""),
        ("/workflows/fuzz/cancel", """{"reason":"r"}"""),
        ("/workflows/fuzz/fork", """{"from":"#1","id":"fuzz-2","input":[]}"""),
        ("/workflows/fuzz/checkpoints", """{"name":"n"}"""),
        ("/definitions/validate", """{"name":"d","tasks":{"a":{"uses":"echo","with":"${{ 1 + 1 }}"}}}"""),
    ];

    private RunningNode Node => fixture.Node;

    [Fact]
    public async Task Mutated_bodies_are_answered_without_a_fault()
    {
        var faults = new List<string>();
        var statuses = new HashSet<HttpStatusCode>();
        await EachAsync(Requested, async (random, i) =>
        {
            var (path, body) = Requests[i % Requests.Length];
            var bytes = Mutated(System.Text.Encoding.UTF8.GetBytes(body), random);
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await Node.Http.PostAsync("/api/v1" + path, content);
            var answer = await response.Content.ReadAsStringAsync();
            lock (faults)
            {
                statuses.Add(response.StatusCode);
                if (response.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    faults.Add($"seed {i}: {path} {Convert.ToBase64String(bytes)}: {answer}");
                }
            }
        });

        Assert.Empty(faults);
        Assert.Superset(new HashSet<HttpStatusCode> { HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.NotFound }, statuses);
        await WorksAsync();
    }

    [Fact]
    public async Task Mutated_messages_are_answered_without_a_fault()
    {
        (string Method, IMessage Message)[] calls =
        [
            ("Workflows/Start", new V1.StartWorkflowRequest { Definition = "echo@1", Id = "fuzz-3", Input = ByteString.CopyFromUtf8("""{"a":1}"""), Tags = { ["k"] = "v" }, CommandId = "c" }),
            ("Workflows/List", new V1.ListWorkflowsRequest { Filter = new() { Status = { V1.WorkflowStatus.Failed }, Definition = "echo", Since = new() { Seconds = 1_700_000_000 } }, Limit = 5, Cursor = "c" }),
            ("Workflows/Signal", new V1.SignalWorkflowRequest { Id = "fuzz", Name = "paid", Payload = ByteString.CopyFromUtf8("[1]"), CommandId = "c" }),
            ("Workflows/Answer", new V1.AnswerWorkflowRequest { Id = "fuzz", Task = "well", Value = ByteString.CopyFromUtf8("true") }),
            ("Workflows/Result", new V1.GetResultRequest { Id = "fuzz", Wait = new() { Seconds = 0, Nanos = 1_000 } }),
            ("Workflows/History", new V1.GetHistoryRequest { Id = "fuzz", From = $"{Guid.NewGuid():n}.1.0", Limit = 5 }),
            ("Definitions/Validate", new V1.ValidateDefinitionsRequest { Content = "name: d\ntasks:\n  a: { uses: echo }\n", MediaType = "application/yaml" }),
        ];
        var faults = new List<string>();
        var statuses = new HashSet<StatusCode>();
        var invoker = Node.Channel.CreateCallInvoker();
        var marshaller = Marshallers.Create(static (byte[] bytes) => bytes, static bytes => bytes);
        await EachAsync(Requested, async (random, i) =>
        {
            var (name, message) = calls[i % calls.Length];
            var parts = name.Split('/');
            var method = new Method<byte[], byte[]>(MethodType.Unary, "actorflow.v1." + parts[0], parts[1], marshaller, marshaller);
            var bytes = Mutated(message.ToByteArray(), random);
            var status = StatusCode.OK;
            var detail = string.Empty;
            try
            {
                await invoker.AsyncUnaryCall(method, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)), bytes);
            }
            catch (RpcException refused)
            {
                (status, detail) = (refused.StatusCode, refused.Status.Detail);
            }

            lock (faults)
            {
                statuses.Add(status);
                // What the frame of a message is wrong about, gRPC refuses by itself as internal.
                if (status is StatusCode.Unknown or StatusCode.DeadlineExceeded || (status == StatusCode.Internal && detail.Contains("trace", StringComparison.Ordinal)))
                {
                    faults.Add($"seed {i}: {name} {Convert.ToBase64String(bytes)}: {status} {detail}");
                }
            }
        });

        Assert.Empty(faults);
        Assert.Superset(new HashSet<StatusCode> { StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound }, statuses);
        await WorksAsync();
    }

    private static Task EachAsync(int count, Func<Random, int, Task> act) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => await act(new Random(i), i));

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(mutated.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < mutated.Count:
                    mutated.RemoveAt(at);
                    break;
                case 1:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
                case 2 when at < mutated.Count:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    var length = random.Next(mutated.Count - Math.Min(at, mutated.Count) + 1);
                    mutated.InsertRange(at, mutated.GetRange(Math.Min(at, mutated.Count), length));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }

    private async Task WorksAsync()
    {
        var (status, answer, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","input":1,"wait":"30s"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Contains("\"completed\"", answer, StringComparison.Ordinal);
    }
}
