
namespace ActorFlow.Core.Workflows.Running;

/// <summary>Values that most executions never have, kept apart so that those stay small: an execution is copied at every step.</summary>
internal sealed record TaskExecutionDetails
{
    public static readonly TaskExecutionDetails None = new();

    /// <summary>The number of attempts before the run was opened again: they do not count towards <c>max-attempts</c>.</summary>
    public int AttemptBase { get; init; }

    /// <summary>When a wait or a delay is over; null means that there is none.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When the deadline of all attempts together passes; null means that there is none.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When the wait for a signal, a person or a child times out; null means that it does not.</summary>
    public DateTimeOffset? TimeoutAt { get; init; }

    /// <summary>The newest lease known to be lost: reports under it no longer count, except for success.</summary>
    public LeaseId Lost { get; init; }

    /// <summary>How often in a row the attempt was lost with its worker.</summary>
    public int Losses { get; init; }

    public Payload? Progress { get; init; }

    /// <summary>Whether the outstanding attempt, or the child, is withdrawn.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>The number of the scope that a group's instance opened.</summary>
    public int Opened { get; init; }

    /// <summary>The number of a wait for a signal: the lowest, which is the longest wait, is served first.</summary>
    public long Wait { get; init; }

    public QuestionImage? Question { get; init; }

    public ChildImage? Child { get; init; }
}
