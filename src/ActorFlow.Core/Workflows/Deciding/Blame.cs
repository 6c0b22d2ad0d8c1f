using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Which part of a decision threw.</summary>
internal enum BlameKind
{
    /// <summary>What the command itself says.</summary>
    Command,

    /// <summary>Whether, and over what, a task runs; for a whole scope, what it comes to.</summary>
    Decidable,

    /// <summary>How a body begins, goes on or falls due.</summary>
    Body,

    /// <summary>Whether a body's loop goes on.</summary>
    Loop,

    /// <summary>What undoes a body that completed.</summary>
    Undo,
}

/// <summary>What failed while a decision was made: the next attempt at that decision fails it, instead of evaluating it again.</summary>
internal readonly record struct Blame(BlameKind Kind, BodyId Body, Decidable Decidable)
{
    public static readonly Blame Command;

    public static Blame On(Decidable decidable) => new(BlameKind.Decidable, default, decidable);

    public static Blame On(BodyId body, BlameKind kind = BlameKind.Body) => new(kind, body, default);
}

/// <summary>An exception, and what it is to be laid to.</summary>
internal sealed class BlamedException(Blame blame, string task, Exception cause) : Exception("A decision threw.", cause)
{
    public Blame Blame { get; } = blame;

    /// <summary>The path of the task; empty for the run itself.</summary>
    public string Task { get; } = task;
}
