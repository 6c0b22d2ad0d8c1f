using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>What a handler does, and what its run hears of it.</summary>
public sealed class AttemptOutcomeTests : WorkerTest
{
    [Fact]
    public async Task An_exception_is_a_retryable_failure_named_after_its_type()
    {
        var failure = await FailureOf(Handler.Throwing(() => new InvalidOperationException("Broken.")));

        Assert.Equal(new("InvalidOperationException", "Broken.", true, null), failure);
    }

    [Fact]
    public async Task A_task_failure_says_how_the_attempt_failed()
    {
        var failure = await FailureOf(Handler.Throwing(() => new TaskFailure("CardDeclined", "No funds.", retryable: false)));

        Assert.Equal(new("CardDeclined", "No funds.", false, null), failure);
    }

    [Fact]
    public async Task A_failure_without_a_type_is_named_after_the_exception() =>
        Assert.Equal("TaskFailure", (await FailureOf(Handler.Throwing(() => new TaskFailure(null!, null!)))).Type);

    [Fact]
    public async Task An_endless_type_is_cut_off() =>
        Assert.Equal(200, (await FailureOf(Handler.Throwing(() => new TaskFailure(new('x', 1_000_000), "Broken.")))).Type.Length);

    [Theory]
    [InlineData(false, "Mute, without a message.")]
    [InlineData(true, "Mute, whose message cannot be read: it throws NotSupportedException.")]
    public async Task An_exception_whose_message_is_null_or_throws_is_a_failure_like_any_other(bool throws, string message) =>
        Assert.Equal(new("Mute", message, true, null), await FailureOf(Handler.Throwing(() => new Mute(throws))));

    private sealed class Mute(bool throws) : Exception
    {
        public override string Message => throws ? throw new NotSupportedException() : null!;
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        var failure = await FailureOf(Handler.Throwing(() => new TaskCanceledException("The request timed out.")));

        Assert.Equal(new("TaskCanceledException", "The request timed out.", true, null), failure);
    }

    [Fact]
    public async Task A_handler_that_returns_no_task_fails() =>
        Assert.Equal("NullReferenceException", (await FailureOf(new Handler((_, _, _) => null!))).Type);

    [Fact]
    public async Task A_handler_that_returns_no_output_returns_null()
    {
        Begin(("echo", new Handler((_, _, _) => Task.FromResult<Payload>(null!))));

        Assert.Equal(new TaskOutcome.Succeeded(Payload.Null), await OutcomeOf(Order(1)));
    }

    [Fact]
    public async Task A_handler_that_throws_in_its_constructor_fails()
    {
        var services = new ServiceCollection();
        services.AddTask<Unmakeable>("echo");
        Begin(Node(services));

        Assert.Equal("NotSupportedException", Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Order(1))).Type);
    }

    [Fact]
    public async Task An_endless_message_is_cut_off()
    {
        var failure = await FailureOf(Handler.Throwing(() => new InvalidOperationException(new('x', 1_000_000))));

        Assert.Equal(8 * 1024, failure.Message.Length);
    }

    [Fact]
    public async Task An_output_over_the_limit_is_a_failure_that_is_not_retried()
    {
        var limit = WorkerOptions.PayloadLimit;
        Begin(
            ("fits", new Handler((_, _, _) => Task.FromResult(Payload.FromString(new('x', limit - 2))))),
            ("large", new Handler((_, _, _) => Task.FromResult(Payload.FromString(new('x', limit - 1))))));

        Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Order(1, "fits")));
        var failure = Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Order(2, "large")));
        Assert.Equal((ErrorTypes.PayloadTooLarge, false), (failure.Type, failure.Retryable));
    }

    [Fact]
    public async Task Progress_over_the_limit_fails_the_handler()
    {
        var failure = await FailureOf(new Handler(async (input, context, _) =>
        {
            await context.HeartbeatAsync(Payload.FromString(new('x', 1024 * 1024)));
            return input;
        }));

        Assert.Equal((ErrorTypes.PayloadTooLarge, false), (failure.Type, failure.Retryable));
    }

    [Fact]
    public async Task A_failure_carries_the_last_progress()
    {
        var failure = await FailureOf(new Handler(async (_, context, _) =>
        {
            await context.HeartbeatAsync(Payload.From(1));
            await context.HeartbeatAsync(Payload.From(2));
            await context.HeartbeatAsync();
            throw new InvalidOperationException("Broken.");
        }));

        Assert.Equal(Payload.From(2), failure.Progress);
    }

    [Fact]
    public async Task An_attempt_for_a_handler_that_is_not_here_fails()
    {
        Begin(("echo", Handler.Echo));

        Assert.Equal("HandlerNotFound", Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Order(1, "rare"))).Type);
    }

    [Fact]
    public async Task A_handler_is_told_which_attempt_of_what_it_runs()
    {
        TaskContext? seen = null;
        Begin(("echo", new Handler((input, context, _) =>
        {
            seen = context;
            return Task.FromResult(input);
        })));
        var order = Order(7) with { PreviousProgress = Payload.From(3) };

        await OutcomeOf(order);

        Assert.Equal(
            ("wf", "t7", "echo", 1, order.IdempotencyKey, Payload.From(3)),
            (seen!.WorkflowId, seen.Task, seen.Handler, seen.Attempt, seen.IdempotencyKey, seen.PreviousProgress));
    }

    [Fact]
    public async Task Each_attempt_has_a_scope_of_its_own_which_is_closed_before_the_report()
    {
        var services = new ServiceCollection();
        var made = new List<Resource>();
        services.AddScoped(_ =>
        {
            var resource = new Resource();
            made.Add(resource);
            return resource;
        });
        services.AddTask<UsesResource>("echo");
        Begin(Node(services));

        await OutcomeOf(Order(1));
        await OutcomeOf(Order(2));

        Assert.Equal(2, made.Count);
        Assert.All(made, resource => Assert.True(resource.IsDisposed));
    }

    [Fact]
    public async Task Failure_25_secrets_are_put_in_on_the_worker_and_leave_it_masked()
    {
        string? received = null;
        var logs = new RecordingLoggers();
        Begin(Node(
            null,
            new FakeSecrets(("token", "s3cr3t-value")),
            logs,
            ("tells", new Handler(async (input, context, _) =>
            {
                received = input.ToString();
                context.Logger.LogWarning(new InvalidOperationException("inner s3cr3t-value"), "Using {Token}", "s3cr3t-value");
                await context.HeartbeatAsync(Payload.FromString("at s3cr3t-value"));
                return input;
            })),
            ("throws", new Handler(async (_, context, _) =>
            {
                await context.HeartbeatAsync(Payload.FromString("at s3cr3t-value"));
                throw new InvalidOperationException("Refused: s3cr3t-value");
            }))));
        var order = Order(1, "tells", input: Payload.Parse("""{"auth":"Bearer "}""")) with { Secrets = [new SecretSlot("/auth", 7, "token")] };

        var output = Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(order)).Output;
        Assert.Equal("""{"auth":"Bearer s3cr3t-value"}""", received);
        Assert.Equal("""{"auth":"Bearer ***"}""", output.ToString());
        var failure = Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(order with { Attempt = Attempt(2), Handler = "throws" }));
        Assert.Equal("Refused: ***", failure.Message);
        Assert.Equal(Payload.FromString("at ***"), failure.Progress);
        Assert.Contains(logs.Lines, line => line.Contains("Using ***", StringComparison.Ordinal) && line.Contains("inner ***", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("Refused: ***", StringComparison.Ordinal));
        Assert.All(logs.Lines, line => Assert.DoesNotContain("s3cr3t", line));
    }

    [Fact]
    public async Task Failure_25_an_attempt_whose_secret_is_not_known_fails_and_is_not_retried()
    {
        var echo = Handler.Echo;
        Begin(Node(null, new FakeSecrets(), ("echo", echo)));

        var failure = Assert.IsType<TaskOutcome.Failed>(
            await OutcomeOf(Order(1, input: Payload.FromString("")) with { Secrets = [new SecretSlot("", 0, "token")] }));

        Assert.Equal(("SecretNotFound", false), (failure.Type, failure.Retryable));
        Assert.Contains("'token'", failure.Message);
        Assert.Equal(0, echo.Calls);
    }

    [Theory]
    [InlineData("token", "ACTORFLOW_SECRET_TOKEN")]
    [InlineData("db-password.2", "ACTORFLOW_SECRET_DB_PASSWORD_2")]
    public void Secrets_come_from_environment_variables(string name, string variable) =>
        Assert.Equal(variable, EnvironmentSecrets.VariableOf(name));

    [Fact]
    public async Task An_observer_sees_each_attempt_start_go_on_and_end_and_may_throw()
    {
        var observer = new RecordingObserver();
        Begin(Node(observer, null, ("echo", new Handler(async (input, context, _) =>
        {
            await context.HeartbeatAsync(Payload.From(50));
            return input;
        }))));

        await OutcomeOf(Order(1));
        await OutcomeOf(Order(2));

        await Until(() => observer.Seen.Count == 6);
        Assert.Equal(
            ["started t1", "heartbeat t1 50", "ended t1 Succeeded", "started t2", "heartbeat t2 50", "ended t2 Succeeded"], observer.Seen);
    }

    private sealed class Unmakeable : ITaskHandler
    {
        public Unmakeable() => throw new NotSupportedException("Cannot be made.");

        public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(input);
    }

    private sealed class Resource : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            IsDisposed = true;
        }
    }

    private sealed class UsesResource(Resource resource) : ITaskHandler
    {
        public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) =>
            resource.IsDisposed ? throw new ObjectDisposedException("resource") : Task.FromResult(input);
    }
}
