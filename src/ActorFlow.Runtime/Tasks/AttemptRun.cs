using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Runs the handler of one attempt, in a scope of its own, and says what came of it. Whatever the handler does ends as a value.
/// </summary>
internal sealed class AttemptRun(RunningAttempt attempt, WorkerNode node)
{
    /// <summary>No worker of that name here.</summary>
    public const string HandlerNotFound = nameof(HandlerNotFound);

    public async Task<HandlerEnd> ExecuteAsync()
    {
        try
        {
            node.Observe(attempt, 0, static (observer, started, _) => observer.Started(started));
            var output = await CallAsync().ConfigureAwait(false) ?? Payload.Null;
            return Check(attempt.Mask.Apply(output));
        }
        catch (TaskFailure failure)
        {
            return Failed(HandlerEndKind.Failed, failure.Type, failure.Message, failure.Retryable);
        }
        catch (OperationCanceledException) when (attempt.Cancellation.IsCancellationRequested)
        {
            return new(HandlerEndKind.Stopped, TaskOutcome.Cancelled.Instance);
        }
        catch (Exception error)
        {
            return Failed(HandlerEndKind.Threw, error.GetType().Name, error.Message, retryable: true);
        }
    }

    private async Task<Payload?> CallAsync()
    {
        var order = attempt.Assignment.Order;
        if (!node.Handlers.TryGetValue(order.Handler, out var registration))
        {
            throw new TaskFailure(HandlerNotFound, $"No handler '{order.Handler}' on this worker.");
        }

        // A scope that cannot be closed fails the attempt as well: closing it may be what stores the work.
        await using var scope = node.Scopes.CreateAsyncScope();
        var handler = registration.Create(scope.ServiceProvider);
        return await handler.RunAsync(order.Input, new AttemptContext(attempt, node), attempt.Cancellation.Token).ConfigureAwait(false);
    }

    private HandlerEnd Check(Payload output) =>
        output.Length <= node.Options.PayloadLimit
            ? new(HandlerEndKind.Returned, new TaskOutcome.Succeeded(output))
            : Failed(
                HandlerEndKind.Failed,
                ErrorTypes.PayloadTooLarge,
                $"The output is {output.Length} bytes; the limit is {node.Options.PayloadLimit}.",
                retryable: false);

    private HandlerEnd Failed(HandlerEndKind kind, string type, string message, bool retryable)
    {
        message = attempt.Mask.Apply(message);
        message = message.Length <= node.Options.MessageLimit ? message : message[..node.Options.MessageLimit];
        return new(kind, new TaskOutcome.Failed(type, message, retryable, attempt.Progress));
    }
}
