using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Tasks;

/// <summary>
/// The code behind a <c>uses</c> task. Each attempt gets an instance from a service scope of its own; it runs on the thread pool. Delivery is at least
/// once: a handler with effects that must not happen twice passes <see cref="TaskContext.IdempotencyKey"/> on.
/// </summary>
public interface ITaskHandler
{
    /// <summary>Runs one attempt.</summary>
    /// <param name="input">The evaluated <c>with</c>.</param>
    /// <param name="context">The attempt that runs.</param>
    /// <param name="cancellationToken">Cancelled on timeout, cancel and shutdown; a handler that ignores it is abandoned after a grace period.</param>
    /// <returns>The output.</returns>
    /// <exception cref="TaskFailure">Tells how the attempt failed; any other exception is a retryable failure named after its type.</exception>
    Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken);
}

/// <summary>A handler with a typed input and output, converted by System.Text.Json's web conventions.</summary>
public abstract class TaskHandler<TInput, TOutput> : ITaskHandler
{
    /// <inheritdoc cref="ITaskHandler.RunAsync"/>
    public abstract Task<TOutput> RunAsync(TInput input, TaskContext context, CancellationToken cancellationToken);

    async Task<Payload> ITaskHandler.RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        TInput? typed;
        try
        {
            typed = input.To<TInput>();
        }
        catch (JsonException error)
        {
            throw new TaskFailure("InvalidInput", $"The input does not fit {typeof(TInput).Name}: {error.Message}", retryable: false);
        }

        return Payload.From(await RunAsync(typed!, context, cancellationToken).ConfigureAwait(false));
    }
}
