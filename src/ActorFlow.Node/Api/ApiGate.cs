using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Node.Api;

/// <summary>
/// Lets calls in: checks the role of their caller, bounds how many are under way, and gives what fails a code. Both transports pass through
/// it, so neither decides anything.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="drain">Ends waits and streams when the node leaves.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where faults of the engine are told.</param>
internal sealed partial class ApiGate(ApiOptions options, NodeDrain drain, TimeProvider time, ILogger<ApiGate> log)
{
    private int _calls;
    private int _streams;

    /// <summary>Does a call.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="needs">The role that it needs.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="WorkflowRefusedException">It was refused, or failed.</exception>
    public async Task<T> DoAsync<T>(ApiCaller caller, ApiRole needs, Func<Task<T>> call)
    {
        caller.Require(needs);
        if (Interlocked.Increment(ref _calls) > options.MaxInFlight)
        {
            Interlocked.Decrement(ref _calls);
            throw WorkflowRefusedException.Of("overloaded", $"{options.MaxInFlight} calls are under way; repeat this one later.");
        }

        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (WorkflowRefusedException or OperationCanceledException))
        {
            throw Named(error);
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    /// <inheritdoc cref="DoAsync{T}(ApiCaller, ApiRole, Func{Task{T}})"/>
    public Task DoAsync(ApiCaller caller, ApiRole needs, Func<Task> call) => DoAsync(caller, needs, async () =>
    {
        await call().ConfigureAwait(false);
        return true;
    });

    /// <summary>Opens a wait or a stream, which is under way until it is disposed, and has to end before its caller wants when the node leaves or the caller's right ends.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="needs">The role that it needs.</param>
    /// <param name="ends">What else ends it.</param>
    /// <exception cref="WorkflowRefusedException">The caller may not, or there are too many.</exception>
    public OpenCall Open(ApiCaller caller, ApiRole needs, params ReadOnlySpan<CancellationToken> ends)
    {
        caller.Require(needs);
        if (Interlocked.Increment(ref _streams) > options.MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            throw WorkflowRefusedException.Of("overloaded", $"{options.MaxStreams} waits and streams are open; repeat this call later.");
        }

        return new(caller.Access, time, () => Interlocked.Decrement(ref _streams), [.. ends, drain.Left]);
    }

    /// <summary>The refusal that a failure amounts to; a fault of the engine is logged, and the answer names its trace only.</summary>
    public WorkflowRefusedException Named(Exception error)
    {
        if (error is WorkflowRefusedException refused)
        {
            return refused;
        }

        var trace = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
        LogFault(error, trace);
        return WorkflowRefusedException.Of("internal", $"The node has a fault; its log has the details under the trace {trace}.", error);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call failed, trace {Trace}.")]
    private partial void LogFault(Exception error, string trace);
}
