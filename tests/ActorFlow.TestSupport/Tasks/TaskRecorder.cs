using System.Collections.Concurrent;

namespace ActorFlow.TestSupport.Tasks;

/// <summary>
/// Makes the handlers of all nodes of a test: it records each execution, holds it at a gate or fails it if the test asks for that,
/// and echoes its input otherwise. Thread-safe.
/// </summary>
internal sealed class TaskRecorder
{
    /// <summary>The name of the handler on the nodes.</summary>
    public const string HandlerName = "task";

    private readonly Lock _lock = new();
    private readonly List<RecordedExecution> _executions = [];
    private readonly List<(Func<RecordedExecution, bool> For, Func<RecordedExecution, CancellationToken, Task> Do)> _script = [];
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _nodes = [];
    private readonly Dictionary<string, int> _running = [];
    private int _ends;

    /// <summary>All executions so far, by start.</summary>
    public IReadOnlyList<RecordedExecution> Executions
    {
        get
        {
            lock (_lock)
            {
                return [.. _executions];
            }
        }
    }

    /// <summary>The most executions that ran at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The most executions of one attempt (run, path, number) that ran at once; more than 1 is an error.</summary>
    public int MostAtOnceOfOneAttempt { get; private set; }

    /// <summary>The executions of a task, by start.</summary>
    public IReadOnlyList<RecordedExecution> Of(string workflowId, string path) =>
        [.. Executions.Where(execution => execution.WorkflowId == workflowId && execution.Path == path)];

    /// <summary>Holds executions until the gate is opened, or they are cancelled.</summary>
    /// <param name="these">Selects the executions.</param>
    public TaskGate Hold(Func<RecordedExecution, bool> these)
    {
        var gate = new TaskGate();
        Do(these, (_, cancellation) => gate.PassAsync(cancellation));
        return gate;
    }

    /// <summary>Fails executions.</summary>
    /// <param name="these">Selects the executions.</param>
    /// <param name="failure">Makes the exception.</param>
    public void Fail(Func<RecordedExecution, bool> these, Func<Exception> failure) =>
        Do(these, (_, _) => throw failure());

    /// <summary>Runs an action before the input is echoed; actions run in the order in which they were added.</summary>
    /// <param name="these">Selects the executions.</param>
    /// <param name="act">The action; an exception fails the execution.</param>
    public void Do(Func<RecordedExecution, bool> these, Func<RecordedExecution, CancellationToken, Task> act)
    {
        lock (_lock)
        {
            _script.Add((these, act));
        }
    }

    /// <summary>Waits until a task has been started this many times.</summary>
    public Task StartedAsync(string workflowId, string path, int times = 1) => Eventually.HoldsAsync(
        () => Of(workflowId, path).Count >= times, $"{path} of {workflowId} starts {times} times");

    /// <summary>The handler of one node.</summary>
    public ITaskHandler HandlerOn(string node) => new Handler(this, node);

    /// <summary>Ends the executions of a lost node, which then have no effect.</summary>
    public void Lose(string node) => TokenOf(node).Cancel();

    private CancellationTokenSource TokenOf(string node) => _nodes.GetOrAdd(node, _ => new());

    private async Task<Payload> RunAsync(string node, Payload input, TaskContext context, CancellationToken cancellation)
    {
        var lost = TokenOf(node).Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lost);
        var execution = Begin(node, context, input);
        try
        {
            foreach (var (these, act) in Script())
            {
                if (these(execution))
                {
                    await act(execution, either.Token).ConfigureAwait(false);
                }
            }

            lost.ThrowIfCancellationRequested();
            End(execution, ExecutionEnd.Returned);
            return input;
        }
        catch (Exception error)
        {
            if (lost.IsCancellationRequested)
            {
                // A process that is gone reports nothing.
                End(execution, ExecutionEnd.Lost);
                await new TaskCompletionSource().Task.ConfigureAwait(false);
            }

            End(execution, error is OperationCanceledException && cancellation.IsCancellationRequested ? ExecutionEnd.Cancelled : ExecutionEnd.Threw);
            throw;
        }
    }

    private (Func<RecordedExecution, bool> For, Func<RecordedExecution, CancellationToken, Task> Do)[] Script()
    {
        lock (_lock)
        {
            return [.. _script];
        }
    }

    private RecordedExecution Begin(string node, TaskContext context, Payload input)
    {
        lock (_lock)
        {
            var execution = new RecordedExecution(
                _executions.Count + 1, node, context.WorkflowId, context.Task, context.Attempt, context.IdempotencyKey, input);
            _executions.Add(execution);
            _running[NameOf(execution)] = _running.GetValueOrDefault(NameOf(execution)) + 1;
            MostAtOnce = Math.Max(MostAtOnce, _running.Values.Sum());
            MostAtOnceOfOneAttempt = Math.Max(MostAtOnceOfOneAttempt, _running[NameOf(execution)]);
            return execution;
        }
    }

    private void End(RecordedExecution execution, ExecutionEnd end)
    {
        lock (_lock)
        {
            execution.Finish(++_ends, end);
            if (--_running[NameOf(execution)] == 0)
            {
                _running.Remove(NameOf(execution));
            }
        }
    }

    private static string NameOf(RecordedExecution execution) => $"{execution.WorkflowId}|{execution.Path}|{execution.Attempt}";

    private sealed class Handler(TaskRecorder recorder, string node) : ITaskHandler
    {
        public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) =>
            recorder.RunAsync(node, input, context, cancellationToken);
    }
}
