
namespace ActorFlow.Core.Expressions;

/// <summary>The names and values in scope of an expression. They are read lazily: a task that no expression names is never materialized.</summary>
internal interface IExpressionScope
{
    /// <summary>The run's input.</summary>
    Payload Input { get; }

    /// <summary>The element of the innermost <c>for-each</c>; null outside a <c>for-each</c>.</summary>
    Payload? Item { get; }

    /// <summary>The 0-based index of that element; null outside a <c>for-each</c>.</summary>
    int? Index { get; }

    /// <summary>The 0-based iteration of the innermost <c>repeat</c>; null outside a <c>repeat</c>.</summary>
    int? Iteration { get; }

    /// <summary>The run itself.</summary>
    WorkflowView Workflow { get; }

    /// <summary>The task of that id, the innermost scope first; null if neither this scope nor an enclosing one has it.</summary>
    TaskView? FindTask(string id);
}

/// <summary>The run as an expression sees it.</summary>
internal sealed record WorkflowView(string Id, string Name, int Version, DateTimeOffset StartedAt);

/// <summary>A task as an expression sees it (rules 21 and 22).</summary>
/// <param name="Status"><c>pending running completed failed skipped cancelled</c></param>
/// <param name="Output">The output; <c>null</c> unless completed (exception: rule 8).</param>
/// <param name="Error"><c>{ type, message, task }</c> when failed, else <c>null</c>.</param>
/// <param name="Attempts">How often its executions were started in all.</param>
internal readonly record struct TaskView(string Status, Payload Output, Payload Error, int Attempts);
