using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>A handler from a function, which counts how often it was called.</summary>
internal sealed class Handler(Func<Payload, TaskContext, CancellationToken, Task<Payload>> run) : ITaskHandler
{
    private int _calls;

    public static Handler Echo => new((input, _, _) => Task.FromResult(input));

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The inputs in the order of the calls.</summary>
    public ConcurrentQueue<string> Inputs { get; } = new();

    public static Handler That(Func<CancellationToken, Task> run) =>
        new(async (input, _, token) =>
        {
            await run(token);
            return input;
        });

    public static Handler Throwing(Func<Exception> error) => new((_, _, _) => throw error());

    /// <summary>Goes on until told to stop, and then stops.</summary>
    public static Handler Waiting => That(token => Task.Delay(Timeout.Infinite, token));

    public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        Inputs.Enqueue(input.ToString());
        return run(input, context, cancellationToken);
    }
}
