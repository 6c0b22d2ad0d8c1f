using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Which part of a decision threw.</summary>
internal enum BlameKind
{
    /// <summary>The content of the command itself.</summary>
    Command,

    /// <summary>Whether a task runs, and over which elements; for a whole scope, its output.</summary>
    Decidable,

    /// <summary>How an execution begins, continues or falls due.</summary>
    Execution,

    /// <summary>Whether an execution's loop continues.</summary>
    Loop,

    /// <summary>The compensation of an execution that completed.</summary>
    Undo,
}

/// <summary>The part of a decision that threw: the next try of that decision fails it and does not evaluate it again.</summary>
internal readonly record struct Blame(BlameKind Kind, TaskExecutionId Execution, Decidable Decidable)
{
    public static readonly Blame Command;

    public static Blame On(Decidable decidable) => new(BlameKind.Decidable, default, decidable);

    public static Blame On(TaskExecutionId execution, BlameKind kind = BlameKind.Execution) => new(kind, execution, default);
}

/// <summary>An exception, and the part of the decision that threw it.</summary>
internal sealed class BlamedException(Blame blame, string task, Exception cause) : Exception("A decision threw.", cause)
{
    public Blame Blame { get; } = blame;

    /// <summary>The path of the task; empty for the run itself.</summary>
    public string Task { get; } = task;
}
