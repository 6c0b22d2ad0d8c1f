using ActorFlow.Perf.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorFlow.Perf.Tests.Nodes;

/// <summary>The handlers that specs bring along.</summary>
public sealed class HandlerTests
{
    [Theory]
    [InlineData(0, 1, """{"attempt":1}""")]
    [InlineData(2, 3, """{"attempt":3}""")]
    public async Task A_flaky_task_succeeds_once_it_has_failed_often_enough(int failures, int attempt, string output) =>
        Assert.Equal(output, (await RunAsync(new FlakyHandler(), new { failures }, attempt)).ToString());

    [Theory]
    [InlineData(2, 1, "Scripted", true)]
    [InlineData(2, 2, "Scripted", true)]
    [InlineData(2, 4, "OneTooMany", false)]
    [InlineData(0, 2, "OneTooMany", false)]
    public async Task A_flaky_task_fails_before_and_takes_no_attempt_after(int failures, int attempt, string type, bool retryable)
    {
        var failure = await Assert.ThrowsAsync<TaskFailure>(() => RunAsync(new FlakyHandler(), new { failures }, attempt));

        Assert.Equal((type, retryable), (failure.Type, failure.Retryable));
    }

    [Fact]
    public async Task A_text_is_as_long_as_asked_and_another_for_another_seed()
    {
        var texts = new[] { await TextAsync(1), await TextAsync(1), await TextAsync(2) };

        Assert.All(texts, text => Assert.Equal(1_000, text.Length));
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
    }

    [Fact]
    public async Task A_digest_is_the_length_and_the_hash_of_the_text() =>
        Assert.Equal(
            """{"characters":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""",
            (await RunAsync(new DigestHandler(), new { text = "abc" })).ToString());

    private static async Task<string> TextAsync(int seed) =>
        (await RunAsync(new TextHandler(), new { seed, characters = 1_000 })).To<string>()!;

    private static Task<Payload> RunAsync<T>(ITaskHandler handler, T input, int attempt = 1) =>
        handler.RunAsync(Payload.From(input), new Context(attempt), CancellationToken.None);

    private sealed class Context(int attempt) : TaskContext
    {
        public override string WorkflowId => "run";

        public override string Task => "task";

        public override string Handler => "handler";

        public override int Attempt => attempt;

        public override string IdempotencyKey => "key";

        public override Payload? PreviousProgress => null;

        public override ILogger Logger => NullLogger.Instance;

        public override ValueTask HeartbeatAsync(Payload? progress = null) => default;
    }
}
