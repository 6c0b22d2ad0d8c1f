using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Testing;

/// <summary>Handlers for a <see cref="WorkflowTestHost"/>, and only for that: they return, fail, take their time, or do one after the other.</summary>
public abstract class FakeHandler : ITaskHandler
{
    private FakeHandler()
    {
    }

    /// <summary>Returns its input.</summary>
    public static FakeHandler Echoes() => Does((_, input) => input);

    /// <summary>Returns always the same: a value that becomes JSON.</summary>
    public static FakeHandler Returns(object? output) => Does((_, _) => output);

    /// <summary>Fails.</summary>
    /// <param name="type">The error type.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="retryable">Whether another attempt may help.</param>
    public static FakeHandler Fails(string type = "Failed", string message = "The handler was told to fail.", bool retryable = true) =>
        Does((_, _) => throw new TaskFailure(type, message, retryable));

    /// <summary>Does something else each time; the last for all further times.</summary>
    public static FakeHandler InTurn(params ITaskHandler[] handlers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(handlers.Length);
        var turn = -1;
        return new Delegating((input, context, cancellationToken) =>
            handlers[Math.Min(Interlocked.Increment(ref turn), handlers.Length - 1)].RunAsync(input, context, cancellationToken));
    }

    /// <summary>Lets virtual time pass first.</summary>
    /// <param name="time">How much.</param>
    /// <param name="handler">What it does then; none: it returns its input.</param>
    public static FakeHandler Takes(TimeSpan time, ITaskHandler? handler = null) => new Delegating(async (input, context, cancellationToken) =>
    {
        await ((TestTaskContext)context).DelayAsync(time).ConfigureAwait(false);
        return handler is null ? input : await handler.RunAsync(input, context, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Never returns. Unless it is told otherwise, it stops when it is asked to.</summary>
    /// <param name="ignoresCancellation">Whether it goes on when it is asked to stop, and has to be abandoned.</param>
    public static FakeHandler NeverReturns(bool ignoresCancellation = false) => Does(
        (context, _) => context.ForeverAsync(ignoresCancellation ? CancellationToken.None : context.CancellationToken));

    internal static FakeHandler Does(Func<TestTaskContext, Payload, object?> run) =>
        new Delegating(async (input, context, _) => await PayloadOf(run((TestTaskContext)context, input)).ConfigureAwait(false));

    /// <inheritdoc/>
    public abstract Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken);

    /// <summary>A function may return a task as well as a value, whatever its type says.</summary>
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

            // The compiler gives tasks without a result one of a type that nobody else can see.
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
