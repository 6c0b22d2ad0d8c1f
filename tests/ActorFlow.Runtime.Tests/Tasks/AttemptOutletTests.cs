using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>The one way out of a worker.</summary>
public sealed class AttemptOutletTests : WorkerTest
{
    private const string Secret = "s3cr3t-value";

    [Fact]
    public void Secrets_are_masked_before_anything_is_cut()
    {
        var outlet = new AttemptOutlet(new([Secret]), 1_000, 1_000);
        for (var before = 80; before < 120; before++)
        {
            var message = new string('a', before) + Secret + new string('b', 500) + Secret + new string('c', before);

            var failed = Assert.IsType<TaskOutcome.Failed>(outlet.Failed(new(Secret, message) { MessageLimit = 200 }, null).Outcome);

            Assert.Equal("***", failed.Type);
            Assert.InRange(failed.Message.Length, 190, 200);
            Assert.StartsWith("aaa", failed.Message);
            Assert.EndsWith("ccc", failed.Message);
            Assert.DoesNotMatch("[s3r-]", failed.Message);
        }
    }

    [Fact]
    public void A_cut_leaves_no_half_characters()
    {
        var outlet = new AttemptOutlet(new([]), 1_000, 1_000);
        for (var limit = 100; limit < 108; limit++)
        {
            var text = outlet.Text(string.Concat(Enumerable.Repeat("\U0001F600", 300)), limit);

            Assert.InRange(text.Length, limit - 4, limit);
            Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void An_output_is_measured_when_it_is_masked()
    {
        var outlet = new AttemptOutlet(new([Secret]), 10, 1_000);

        Assert.Equal(HandlerEndKind.Returned, outlet.Returned(Payload.FromString(Secret), null).Kind);
        Assert.Equal(HandlerEndKind.Failed, outlet.Returned(Payload.FromString("twelve chars"), null).Kind);
        Assert.Equal("\"***\"", outlet.Progress(Payload.FromString(Secret)).ToString());
        Assert.Equal(ErrorTypes.PayloadTooLarge, Assert.Throws<TaskFailure>(() => outlet.Progress(Payload.FromString("twelve chars"))).Type);
    }

    [Fact]
    public async Task What_one_task_was_given_another_does_not_print()
    {
        var says = new Handler((_, _, _) => Task.FromResult(Payload.FromString($"Basic {Convert.ToBase64String("me:s3cr3t-value"u8)} {Secret}")));
        Begin(Node(null, new FakeSecrets(("token", Secret)), ("echo", Handler.Echo), ("says", says)));

        await OutcomeOf(Order(1, input: Payload.FromString("")) with { Secrets = [new SecretSlot("", 0, "token")] });
        var output = Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Order(2, "says"))).Output;

        Assert.Matches("^\"Basic bWU6[A-Za-z0-9]?\\*\\*\\*=? \\*\\*\\*\"$", output.ToString());
    }

    [Fact]
    public async Task A_handler_knows_which_places_were_made_with_secrets_and_may_say_how_long_to_wait()
    {
        var places = "";
        var asks = new Handler((_, context, _) =>
        {
            places = string.Join(" ", new[] { "", "/a", "/a/b", "/ab", "/c" }.Select(context.HoldsSecret));
            throw new TaskFailure("Busy", "later") { RetryAfter = TimeSpan.FromSeconds(30) };
        });
        Begin(Node(null, new FakeSecrets(("token", Secret)), ("asks", asks)));

        var failed = Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(
            Order(1, "asks", input: Payload.Parse("""{"a":{"b":""},"ab":"","c":""}""")) with { Secrets = [new SecretSlot("/a/b", 0, "token")] }));

        Assert.Equal("True True True False False", places);
        Assert.Equal(TimeSpan.FromSeconds(30), failed.RetryAfter);
    }
}
