using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorFlow;

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

/// <summary>A handler with a typed input and output.</summary>
/// <typeparam name="TInput">The type that the evaluated <c>with</c> is converted to.</typeparam>
/// <typeparam name="TOutput">The type of the output.</typeparam>
public abstract class TaskHandler<TInput, TOutput> : ITaskHandler
{
    private readonly Func<Payload, TInput?> _read;
    private readonly Func<TOutput, Payload> _write;

    /// <summary>Makes a handler whose input and output are converted by System.Text.Json's web conventions.</summary>
    [RequiresUnreferencedCode(Payload.Reflection)]
    [RequiresDynamicCode(Payload.Reflection)]
    protected TaskHandler()
    {
        _read = static input => input.To<TInput>();
        _write = static output => Payload.From(output);
    }

    /// <summary>Makes a handler whose input and output are converted as their type information says; works where code is trimmed or compiled ahead of time.</summary>
    /// <param name="input">How the input is read.</param>
    /// <param name="output">How the output is written.</param>
    protected TaskHandler(JsonTypeInfo<TInput> input, JsonTypeInfo<TOutput> output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        _read = payload => payload.To(input);
        _write = value => Payload.From(value, output);
    }

    /// <inheritdoc cref="ITaskHandler.RunAsync"/>
    public abstract Task<TOutput> RunAsync(TInput input, TaskContext context, CancellationToken cancellationToken);

    async Task<Payload> ITaskHandler.RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        TInput? typed;
        try
        {
            typed = _read(input);
        }
        catch (JsonException error)
        {
            throw new TaskFailure("InvalidInput", $"The input does not fit {typeof(TInput).Name}: {error.Message}", retryable: false);
        }

        return _write(await RunAsync(typed!, context, cancellationToken).ConfigureAwait(false));
    }
}
