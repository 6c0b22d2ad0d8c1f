using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Runs the handler of one attempt, in a scope of its own, and says what came of it. Whatever the handler does ends as a value.
/// </summary>
internal sealed class AttemptRun(RunningAttempt attempt, WorkerNode node)
{
    /// <summary>The error type of an attempt whose handler this worker does not offer.</summary>
    public const string HandlerNotFound = nameof(HandlerNotFound);

    /// <summary>The error type of an attempt that needs a secret this worker does not know.</summary>
    public const string SecretNotFound = nameof(SecretNotFound);

    public async ValueTask<HandlerEnd> ExecuteAsync()
    {
        try
        {
            node.Observe(attempt, 0, static (observer, started, _) => observer.Started(started));
            var output = await CallAsync().ConfigureAwait(false) ?? Payload.Null;
            return node.Outlet.Returned(output, attempt.Progress);
        }
        catch (TaskFailure failure)
        {
            AttemptFailureLog.Threw(attempt, node, failure);
            return node.Outlet.Failed(failure, attempt.Progress);
        }
        catch (OperationCanceledException) when (attempt.Cancellation.IsCancellationRequested)
        {
            return new(HandlerEndKind.Stopped, TaskOutcome.Cancelled.Instance);
        }
        catch (Exception error)
        {
            AttemptFailureLog.Threw(attempt, node, error);
            return node.Outlet.Threw(error, attempt.Progress);
        }
    }

    private async ValueTask<Payload?> CallAsync()
    {
        var order = attempt.Assignment.Order;
        if (!node.Handlers.TryGetValue(order.Handler, out var registration))
        {
            throw new TaskFailure(HandlerNotFound, $"No handler '{order.Handler}' on this worker.");
        }

        var input = order.Secrets.IsDefaultOrEmpty ? attempt.Input! : await FillAsync(order).ConfigureAwait(false);

        if (registration.Shared is { } shared)
        {
            return await RunAsync(shared, input).ConfigureAwait(false);
        }

        // A scope that cannot be closed fails the attempt as well: closing it may be what stores the work.
        await using var scope = node.Scopes.CreateAsyncScope();
        return await RunAsync(registration.Create(scope.ServiceProvider), input).ConfigureAwait(false);
    }

    private Task<Payload> RunAsync(ITaskHandler handler, Payload input) =>
        handler.RunAsync(input, new AttemptContext(attempt, node), attempt.Cancellation.Token);

    /// <summary>Puts the secrets in. From here on nothing leaves this worker without the mask.</summary>
    private async Task<Payload> FillAsync(TaskOrder order)
    {
        var values = new Dictionary<string, string>();
        foreach (var slot in order.Secrets)
        {
            if (!values.ContainsKey(slot.Name))
            {
                var value = await node.Secrets.FindAsync(slot.Name, attempt.Cancellation.Token).ConfigureAwait(false)
                    ?? throw new TaskFailure(SecretNotFound, $"This worker knows no secret '{slot.Name}'.", retryable: false);
                values[slot.Name] = value;
                node.Known.Add(value);
            }
        }

        return SecretSlots.Fill(attempt.Input!, order.Secrets, name => values[name]);
    }
}
