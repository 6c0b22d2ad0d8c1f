using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>Runs one workflow on a node embedded in this process.</summary>
internal interface IWorkflowRunner
{
    /// <summary>The names of the handlers that the node's worker offers.</summary>
    IReadOnlyCollection<string> Handlers { get; }

    /// <summary>Why the store of the node cannot write now; none: it can.</summary>
    string? StoreWriteFailure => null;

    /// <summary>
    /// Starts the run, resumes the one of that id, or takes it elsewhere first, and waits for its end, or until nothing but people and
    /// signals is left to wait for that nobody here can give. The result of a run that is closed already is given without running anything.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Told of every change; may be called from any thread.</param>
    /// <param name="people">Whom to ask what the run asks.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts: stop in good order and leave the run resumable.</param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="CommandFailure">It cannot be started: input against the schema, or an unknown child (2), data directory (3), no such run (4), id in use (5).</exception>
    /// <exception cref="OperationCanceledException">It was interrupted, and can be resumed.</exception>
    Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, IPrompt people, CancellationToken cancellationToken);
}

/// <summary>What to run.</summary>
/// <param name="Definitions">All definitions of the file; the first one runs. None: a run that is there goes on with what it was started with.</param>
/// <param name="Input">The input; none: an empty object for a new run, whatever it was for one that is resumed.</param>
/// <param name="Id">The id of the run.</param>
/// <param name="IsNewId">Whether the id was made up for this run, so that there can be none yet.</param>
/// <param name="DataDirectory">Where the node keeps its database; made if it is not there.</param>
/// <param name="Parallel">How many tasks the worker runs at once; none: the runtime's default.</param>
internal sealed record RunRequest(
    ImmutableArray<WorkflowDefinition> Definitions, Payload? Input, string Id, bool IsNewId, string DataDirectory, int? Parallel)
{
    /// <summary>Where the run is taken before it goes on; none: it goes on where it is.</summary>
    public RunContinuation? Turn { get; init; }
}

/// <summary>Where a run is taken before it goes on.</summary>
internal abstract record RunContinuation
{
    private RunContinuation() { }

    /// <summary>Back to a checkpoint.</summary>
    /// <param name="To">Its name or number.</param>
    public sealed record Rewind(string To) : RunContinuation;

    /// <summary>Opened again after its end.</summary>
    /// <param name="From">The task from which on all runs again; none: what failed.</param>
    public sealed record Retry(string? From) : RunContinuation;

    /// <summary>Begun at a checkpoint of another run.</summary>
    /// <param name="Of">The other run.</param>
    /// <param name="From">The checkpoint's name or number; none: the newest.</param>
    public sealed record Fork(string Of, string? From) : RunContinuation;
}

/// <summary>How a run ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Output">The output of a completed run.</param>
/// <param name="Reason">Why a run did not complete, for people.</param>
/// <param name="FailedTasks">The tasks that failed for good, first the one that failed the run.</param>
internal sealed record RunResult(RunStatus Status, Payload? Output, string? Reason, ImmutableArray<FailedTask> FailedTasks)
{
    /// <summary>The result of a run that completed.</summary>
    public static RunResult Completed(Payload output) => new(RunStatus.Completed, output, null, []);

    /// <summary>Tasks and elements that failed, which the run tolerated.</summary>
    public ImmutableArray<FailedTask> Tolerated { get; init; } = [];

    /// <summary>When the run was started, by whichever command; none: it is not known.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; none: it has not, or it is not known.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many tasks and elements of fan-outs it had, and how many of them have settled; none: it is not known.</summary>
    public (int Tasks, int Settled)? Counts { get; init; }

    /// <summary>What an open run waits for, that only somebody outside can give; with <see cref="RunStatus.Waiting"/> only.</summary>
    public ImmutableArray<OpenWait> Waits { get; init; } = [];

    /// <summary>Children that go on without it, and had not ended when nobody waited any longer.</summary>
    public ImmutableArray<string> LeftChildren { get; init; } = [];

    /// <summary>The result so far of a run that only somebody outside can help on.</summary>
    public static RunResult Waiting(ImmutableArray<OpenWait> waits) => new(RunStatus.Waiting, null, null, []) { Waits = waits };
}

/// <summary>How a run can end.</summary>
internal enum RunStatus
{
    /// <summary>Every task settled.</summary>
    Completed,

    /// <summary>A task failed it, or its timeout passed.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It was terminated.</summary>
    Terminated,

    /// <summary>It has not ended, and waits for an answer or a signal.</summary>
    Waiting,
}
