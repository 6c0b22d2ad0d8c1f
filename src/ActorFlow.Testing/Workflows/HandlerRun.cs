using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Testing.Workflows;

/// <summary>Runs the handler of one attempt as a worker does: with secrets filled in and a service scope of its own; its result or exception becomes a value.</summary>
internal sealed class HandlerRun(TestAttempt attempt, HandlerCatalog handlers, VirtualClock clock, HandlerFailure? failure)
{
    public async Task<HandlerEnd> ExecuteAsync()
    {
        try
        {
            if (failure is { } asked)
            {
                throw new TaskFailure(asked.Type, asked.Message, asked.Retryable);
            }

            var output = await CallAsync().ConfigureAwait(false) ?? Payload.Null;
            return attempt.Outlet.Returned(output, attempt.Progress);
        }
        catch (TaskFailure thrown)
        {
            return attempt.Outlet.Failed(thrown, attempt.Progress);
        }
        catch (OperationCanceledException) when (attempt.Cancellation.IsCancellationRequested)
        {
            return new(HandlerEndKind.Stopped, TaskOutcome.Cancelled.Instance);
        }
        catch (Exception error)
        {
            return attempt.Outlet.Threw(error, attempt.Progress);
        }
    }

    private async Task<Payload?> CallAsync()
    {
        var input = Fill(attempt.Order);
        await using var scope = handlers.Services.CreateAsyncScope();
        var handler = handlers.Create(attempt.Order.Handler, scope.ServiceProvider);
        var logger = handlers.Services.GetRequiredService<ILoggerFactory>().CreateLogger($"ActorFlow.Tasks.{attempt.Order.Handler}");
        var masked = new AttemptLogger(
            logger, attempt.Outlet, attempt.WorkflowId, attempt.Order.Path, attempt.Order.Attempt.Number);
        var context = new TestTaskContext(attempt, clock, masked, attempt.Cancellation.Token);
        return await handler.RunAsync(input, context, attempt.Cancellation.Token).ConfigureAwait(false);
    }

    private Payload Fill(TaskOrder order)
    {
        if (order.Secrets.IsDefaultOrEmpty)
        {
            return order.Input;
        }

        var values = order.Secrets.Select(slot => slot.Name).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name =>
            handlers.Secrets.GetValueOrDefault(name)
            ?? throw new TaskFailure(AttemptRun.SecretNotFound, $"This worker knows no secret '{name}'.", retryable: false));
        return SecretSlots.Fill(order.Input, order.Secrets, name => values[name]);
    }
}

/// <summary>A failure that the test requested.</summary>
internal sealed record HandlerFailure(string Type, string Message, bool Retryable);
