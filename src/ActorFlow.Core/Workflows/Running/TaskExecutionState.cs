using System.Collections.Immutable;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The phase of one execution of a task.</summary>
internal enum TaskExecutionPhase
{
    /// <summary>Not begun: an element whose turn has not come.</summary>
    Queued,

    /// <summary>May start as soon as <c>max-parallel</c> has room.</summary>
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

/// <summary>The state of one execution: an element of a task, or the task itself where it does not fan out, in its current iteration.</summary>
internal sealed record TaskExecutionState
{
    internal static readonly TaskExecutionState Queued = new();

    internal static readonly TaskExecutionState Ready = new() { Phase = TaskExecutionPhase.Ready };

    private readonly TaskExecutionDetails _details = TaskExecutionDetails.None;

    /// <summary>Its phase.</summary>
    public TaskExecutionPhase Phase { get; init; }

    /// <summary>The iteration of its loop, from 0.</summary>
    public int Iteration { get; init; }

    /// <summary>The number of the current attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <inheritdoc cref="TaskExecutionDetails.AttemptBase"/>
    public int AttemptBase
    {
        get => _details.AttemptBase;
        init => _details = value == AttemptBase ? _details : _details with { AttemptBase = value };
    }

    /// <summary>The evaluated input, from the first attempt until the execution settles; else null.</summary>
    public Payload? Input { get; init; }

    /// <summary>The slots that the worker fills with secrets.</summary>
    public ImmutableArray<SecretSlot> Secrets { get; init; } = [];

    /// <summary>The output of the last iteration that completed, or its own once it has settled; null means that there is none.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed or will fail; null means neither.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Since when it is in its phase; for an attempt, the time from which it could run. The default means that this is not known.</summary>
    public DateTimeOffset ReadyAt { get; init; }

    /// <inheritdoc cref="TaskExecutionDetails.DueAt"/>
    public DateTimeOffset? DueAt
    {
        get => _details.DueAt;
        init => _details = value == DueAt ? _details : _details with { DueAt = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.DeadlineAt"/>
    public DateTimeOffset? DeadlineAt
    {
        get => _details.DeadlineAt;
        init => _details = value == DeadlineAt ? _details : _details with { DeadlineAt = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.TimeoutAt"/>
    public DateTimeOffset? TimeoutAt
    {
        get => _details.TimeoutAt;
        init => _details = value == TimeoutAt ? _details : _details with { TimeoutAt = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Lost"/>
    public LeaseId Lost
    {
        get => _details.Lost;
        init => _details = value == Lost ? _details : _details with { Lost = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Losses"/>
    public int Losses
    {
        get => _details.Losses;
        init => _details = value == Losses ? _details : _details with { Losses = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Progress"/>
    public Payload? Progress
    {
        get => _details.Progress;
        init => _details = value == Progress ? _details : _details with { Progress = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Withdrawn"/>
    public bool Withdrawn
    {
        get => _details.Withdrawn;
        init => _details = value == Withdrawn ? _details : _details with { Withdrawn = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Opened"/>
    public int Opened
    {
        get => _details.Opened;
        init => _details = value == Opened ? _details : _details with { Opened = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Wait"/>
    public long Wait
    {
        get => _details.Wait;
        init => _details = value == Wait ? _details : _details with { Wait = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Question"/>
    public QuestionImage? Question
    {
        get => _details.Question;
        init => _details = value == Question ? _details : _details with { Question = value };
    }

    /// <inheritdoc cref="TaskExecutionDetails.Child"/>
    public ChildImage? Child
    {
        get => _details.Child;
        init => _details = value == Child ? _details : _details with { Child = value };
    }

    /// <summary>The size in bytes of its payloads, which counts towards the limit of the run.</summary>
    public int Bytes => (Input?.Length ?? 0) + (Output?.Length ?? 0) + (Question?.Options?.Length ?? 0) + (Question?.Assignees?.Length ?? 0);

    /// <summary>Whether it has settled.</summary>
    public bool IsSettled => Phase >= TaskExecutionPhase.Completed;

    /// <summary>Drops what only a live execution needs, and keeps what a retry of the run needs to continue it.</summary>
    internal TaskExecutionState Leave(TaskExecutionPhase phase, TaskError? error) => Settle(phase, Output, error) with { Opened = Opened, AttemptBase = AttemptBase };

    /// <summary>Drops what only a live execution needs.</summary>
    internal TaskExecutionState Settle(TaskExecutionPhase phase, Payload? output, TaskError? error) => new()
    {
        Phase = phase,
        Iteration = Iteration,
        Attempt = Attempt,
        Output = output,
        Error = error,
    };
}
