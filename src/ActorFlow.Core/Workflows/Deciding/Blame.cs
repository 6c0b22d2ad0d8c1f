using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Which part of a decision threw.</summary>
internal enum BlameKind
{
    /// <summary>What the command itself says.</summary>
    Command,

    /// <summary>Whether, and over what, a task runs; for a whole scope, what it comes to.</summary>
    Decidable,

    /// <summary>How an execution begins, goes on or falls due.</summary>
    Execution,

    /// <summary>Whether an execution's loop goes on.</summary>
    Loop,

    /// <summary>What undoes an execution that completed.</summary>
    Undo,
}

/// <summary>What failed while a decision was made: the next attempt at that decision fails it, instead of evaluating it again.</summary>
internal readonly record struct Blame(BlameKind Kind, TaskExecutionId Execution, Decidable Decidable)
{
    public static readonly Blame Command;

    public static Blame On(Decidable decidable) => new(BlameKind.Decidable, default, decidable);

    public static Blame On(TaskExecutionId execution, BlameKind kind = BlameKind.Execution) => new(kind, execution, default);
}

/// <summary>An exception, and what it is to be laid to.</summary>
internal sealed class BlamedException(Blame blame, string task, Exception cause) : Exception("A decision threw.", cause)
{
    public Blame Blame { get; } = blame;

    /// <summary>The path of the task; empty for the run itself.</summary>
    public string Task { get; } = task;
}
