
namespace ActorFlow.Testing;

/// <summary>Handlers for a <see cref="WorkflowTestHost"/>, and only for it: they return, fail, take virtual time, or do these in turn.</summary>
public abstract class FakeHandler : ITaskHandler
{
    private FakeHandler()
    {
    }

    /// <summary>Makes a handler that returns its input.</summary>
    public static FakeHandler Echoes() => Does((_, input) => input);

    /// <summary>Makes a handler that always returns the same value, which becomes JSON.</summary>
    public static FakeHandler Returns(object? output) => Does((_, _) => output);

    /// <summary>Makes a handler that fails.</summary>
    /// <param name="type">The error type.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="retryable">Whether another attempt may help.</param>
    public static FakeHandler Fails(string type = "Failed", string message = "The handler was told to fail.", bool retryable = true) =>
        Does((_, _) => throw new TaskFailure(type, message, retryable));

    /// <summary>Makes a handler that runs the given handlers in turn, and the last one from then on.</summary>
    public static FakeHandler InTurn(params ITaskHandler[] handlers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(handlers.Length);
        var turn = -1;
        return new Delegating((input, context, cancellationToken) =>
            handlers[Math.Min(Interlocked.Increment(ref turn), handlers.Length - 1)].RunAsync(input, context, cancellationToken));
    }

    /// <summary>Makes a handler that first lets virtual time pass.</summary>
    /// <param name="time">The virtual time; not negative.</param>
    /// <param name="handler">The handler that runs then; null means one that returns its input.</param>
    public static FakeHandler Takes(TimeSpan time, ITaskHandler? handler = null) => new Delegating(async (input, context, cancellationToken) =>
    {
        await ((TestTaskContext)context).DelayAsync(time).ConfigureAwait(false);
        return handler is null ? input : await handler.RunAsync(input, context, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Makes a handler that never returns. By default it stops when it is cancelled.</summary>
    /// <param name="ignoresCancellation">Whether it ignores the cancellation, so that it is abandoned.</param>
    public static FakeHandler NeverReturns(bool ignoresCancellation = false) => Does(
        (context, _) => context.ForeverAsync(ignoresCancellation ? CancellationToken.None : context.CancellationToken));

    internal static FakeHandler Does(Func<TestTaskContext, Payload, object?> run) =>
        new Delegating(async (input, context, _) => await PayloadOf(run((TestTaskContext)context, input)).ConfigureAwait(false));

    /// <inheritdoc/>
    public abstract Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken);

    /// <summary>Makes a payload of a result, which may be a task whatever the declared type of the function.</summary>
    private static async Task<Payload> PayloadOf(object? result)
    {
        if (result is Task task)
        {
            await task.ConfigureAwait(false);
            var type = task.GetType();
            while (type is not null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)))
            {
                type = type.BaseType;
            }

            // The compiler may give a task without a result a result type that is not visible here.
            result = type?.GenericTypeArguments[0].IsVisible == true ? type.GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
        }

        return result as Payload ?? Payload.From(result);
    }

    private sealed class Delegating(Func<Payload, TaskContext, CancellationToken, Task<Payload>> run) : FakeHandler
    {
        public override Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) =>
            run(input, context, cancellationToken);
    }
}
