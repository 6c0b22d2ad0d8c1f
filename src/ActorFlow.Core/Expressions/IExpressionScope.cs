using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions;

/// <summary>What an expression can see. Asked lazily: a task that no expression names is never materialized.</summary>
public interface IExpressionScope
{
    /// <summary>The run's input.</summary>
    Payload Input { get; }

    /// <summary>The element of the innermost <c>for-each</c>; none outside one.</summary>
    Payload? Item { get; }

    /// <summary>The index of that element.</summary>
    int? Index { get; }

    /// <summary>The 0-based iteration of the innermost <c>repeat</c>; none outside one.</summary>
    int? Iteration { get; }

    /// <summary>The run itself.</summary>
    WorkflowView Workflow { get; }

    /// <summary>The task of that id, the innermost scope first; none if no scope in sight has it.</summary>
    TaskView? FindTask(string id);
}

/// <summary>What an expression sees of the run.</summary>
public sealed record WorkflowView(string Id, string Name, int Version, DateTimeOffset StartedAt);

/// <summary>What an expression sees of a task (rules 21 and 22).</summary>
/// <param name="Status"><c>pending running completed failed skipped cancelled</c></param>
/// <param name="Output">The output; <c>null</c> unless completed (exception: rule 8).</param>
/// <param name="Error"><c>{ type, message, task }</c> when failed, else <c>null</c>.</param>
/// <param name="Attempts">How often the body was started in all.</param>
public readonly record struct TaskView(string Status, Payload Output, Payload Error, int Attempts);
