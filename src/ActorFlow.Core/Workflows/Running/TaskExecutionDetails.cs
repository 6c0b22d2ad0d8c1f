using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What most executions never have, kept apart so that those are small: an execution is written anew at every step it takes.</summary>
internal sealed record TaskExecutionDetails
{
    public static readonly TaskExecutionDetails None = new();

    /// <summary>The attempts before the run was opened again: they do not use up <c>max-attempts</c>.</summary>
    public int AttemptBase { get; init; }

    /// <summary>When a wait or a delay is over.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When all attempts together have to be done.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When a signal, a person or a child is waited for no longer.</summary>
    public DateTimeOffset? TimeoutAt { get; init; }

    /// <summary>The newest lease known to be lost: what is reported under it, success excepted, no longer counts.</summary>
    public LeaseId Lost { get; init; }

    /// <summary>How often in a row the attempt was lost with its worker.</summary>
    public int Losses { get; init; }

    public Payload? Progress { get; init; }

    /// <summary>Whether the outstanding attempt, or the child, is to be withdrawn.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>The scope that a group's instance opened.</summary>
    public int Opened { get; init; }

    /// <summary>The place of a wait for a signal among all such waits: the longest waiting is served first.</summary>
    public long Wait { get; init; }

    public QuestionImage? Question { get; init; }

    public ChildImage? Child { get; init; }
}
