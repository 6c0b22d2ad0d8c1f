
namespace ActorFlow.TestSupport.Tasks;

/// <summary>One execution of a handler.</summary>
internal sealed class RecordedExecution
{
    private volatile ExecutionEnd _end;

    internal RecordedExecution(int order, string node, string workflowId, string path, int attempt, string idempotencyKey, Payload input)
    {
        Order = order;
        Node = node;
        WorkflowId = workflowId;
        Path = path;
        Attempt = attempt;
        IdempotencyKey = idempotencyKey;
        Input = input;
    }

    /// <summary>Its place among all executions of the recorder, by start, from 1.</summary>
    public int Order { get; }

    /// <summary>The node that it ran on.</summary>
    public string Node { get; }

    /// <summary>The id of the run.</summary>
    public string WorkflowId { get; }

    /// <summary>The task's path within the run.</summary>
    public string Path { get; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt { get; }

    /// <summary>The idempotency key.</summary>
    public string IdempotencyKey { get; }

    /// <summary>The input of the handler.</summary>
    public Payload Input { get; }

    /// <summary>How it ended.</summary>
    public ExecutionEnd End => _end;

    /// <summary>Its place among all ends of the recorder, from 1; 0 while it runs.</summary>
    public int EndOrder { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Order}. {WorkflowId} {Path}:{Attempt} on {Node}: {End} {EndOrder}";

    internal void Finish(int order, ExecutionEnd end)
    {
        EndOrder = order;
        _end = end;
    }
}

/// <summary>How an execution ended.</summary>
internal enum ExecutionEnd
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It returned its output.</summary>
    Returned,

    /// <summary>It threw.</summary>
    Threw,

    /// <summary>It was cancelled, and stopped.</summary>
    Cancelled,

    /// <summary>It ended with its node.</summary>
    Lost,
}
