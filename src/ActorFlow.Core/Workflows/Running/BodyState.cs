using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Where one execution of a task's body stands.</summary>
public enum BodyPhase
{
    /// <summary>Not begun: an element whose turn has not come.</summary>
    Queued,

    /// <summary>May start as soon as <c>max-parallel</c> lets it.</summary>
    Ready,

    /// <summary>An attempt is outstanding.</summary>
    Attempting,

    /// <summary>Waits for its next attempt or iteration.</summary>
    Waiting,

    /// <summary>A <c>delay</c> runs.</summary>
    Delaying,

    /// <summary>A group's instance is open.</summary>
    Open,

    /// <summary>Waits for a signal.</summary>
    AwaitingSignal,

    /// <summary>Waits for a person.</summary>
    AwaitingAnswer,

    /// <summary>Waits for a child workflow.</summary>
    AwaitingChild,

    /// <summary>Settled: completed.</summary>
    Completed,

    /// <summary>Settled: failed for good.</summary>
    Failed,

    /// <summary>Settled: cancelled.</summary>
    Cancelled,
}

/// <summary>One element of a task (or the task itself, where it does not fan out), in its current iteration.</summary>
internal sealed record BodyState
{
    public static readonly BodyState Queued = new();

    public BodyPhase Phase { get; init; }

    public int Iteration { get; init; }

    /// <summary>The current attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The attempts before the run was opened again: they do not use up <c>max-attempts</c>.</summary>
    public int AttemptBase { get; init; }

    /// <summary>The evaluated input, from the first attempt until the body settles.</summary>
    public Payload? Input { get; init; }

    public ImmutableArray<SecretSlot> Secrets { get; init; } = [];

    /// <summary>The output of the last iteration that completed.</summary>
    public Payload? Output { get; init; }

    public TaskError? Error { get; init; }

    /// <summary>Since when the current attempt could run.</summary>
    public DateTimeOffset ReadyAt { get; init; }

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

    /// <summary>The bytes of its payloads, against the limit of the run.</summary>
    public int Bytes => (Input?.Length ?? 0) + (Output?.Length ?? 0) + (Question?.Options?.Length ?? 0) + (Question?.Assignees?.Length ?? 0);

    public bool IsSettled => Phase >= BodyPhase.Completed;

    /// <summary>Drops what only a live body needs, and keeps what the run needs to take it up again once it is opened again.</summary>
    public BodyState Leave(BodyPhase phase, TaskError? error) => Settle(phase, Output, error) with { Opened = Opened, AttemptBase = AttemptBase };

    /// <summary>Drops what only a live body needs.</summary>
    public BodyState Settle(BodyPhase phase, Payload? output, TaskError? error) => new()
    {
        Phase = phase,
        Iteration = Iteration,
        Attempt = Attempt,
        Output = output,
        Error = error,
    };
}
