using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>Runs one workflow on a node embedded in this process.</summary>
internal interface IWorkflowRunner
{
    /// <summary>The names of the handlers of the node's worker.</summary>
    IReadOnlyCollection<string> Handlers { get; }

    /// <summary>Why the store of the node cannot write now; null means that it can.</summary>
    string? StoreWriteFailure => null;

    /// <summary>
    /// Starts the run, or resumes the one of that id, after a rewind, fork or retry if asked, and waits for its end, or until it waits only for answers and
    /// signals that nobody here can give. A run that is closed already gives its result without running anything.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Receives every change; it may be called from any thread.</param>
    /// <param name="prompt">The person who answers the questions of the run.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts: the runner stops in good order, and the run can be resumed.</param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="CommandFailure">The run cannot be started: input against the schema, or an unknown child (2), data directory (3), no such run (4), id in use (5).</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted, and can be resumed.</exception>
    Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, IPrompt prompt, CancellationToken cancellationToken);
}

/// <summary>What to run.</summary>
/// <param name="Definitions">All definitions of the file; the first one runs. Empty means that an existing run continues with its own.</param>
/// <param name="Input">The input; null means an empty object for a new run, and the recorded input for one that is resumed.</param>
/// <param name="Id">The id of the run.</param>
/// <param name="IsNewId">Whether the id was generated for this run, so that no run can have it yet.</param>
/// <param name="DataDirectory">The directory of the node's database; it is made if it does not exist.</param>
/// <param name="Parallel">How many tasks the worker runs at once; null means the runtime's default.</param>
internal sealed record RunRequest(
    ImmutableArray<WorkflowDefinition> Definitions, Payload? Input, string Id, bool IsNewId, string DataDirectory, int? Parallel)
{
    /// <summary>The rewind, fork or retry to do first; null means that the run continues where it is.</summary>
    public RunContinuation? Turn { get; init; }
}

/// <summary>What is done with a run before it continues.</summary>
internal abstract record RunContinuation
{
    private RunContinuation() { }

    /// <summary>It is taken back to a checkpoint.</summary>
    /// <param name="To">The checkpoint's name or number.</param>
    public sealed record Rewind(string To) : RunContinuation;

    /// <summary>It is opened again after its end.</summary>
    /// <param name="From">The task from which tasks run again; null means that those that failed run again.</param>
    public sealed record Retry(string? From) : RunContinuation;

    /// <summary>It begins at a checkpoint of another run.</summary>
    /// <param name="Of">The other run.</param>
    /// <param name="From">The checkpoint's name or number; null means the newest.</param>
    public sealed record Fork(string Of, string? From) : RunContinuation;
}

/// <summary>The result of a run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">The output of a completed run; null for any other.</param>
/// <param name="Reason">Why the run did not complete, for people; null means that it did, or that no reason is known.</param>
/// <param name="FailedTasks">The tasks that failed for good, first the one that made the run fail.</param>
internal sealed record RunResult(WorkflowStatus Status, Payload? Output, string? Reason, ImmutableArray<FailedTask> FailedTasks)
{
    /// <summary>The result of a run that completed.</summary>
    public static RunResult Completed(Payload output) => new(WorkflowStatus.Completed, output, null, []);

    /// <summary>Tasks and elements that failed with <c>on-error: continue</c>.</summary>
    public ImmutableArray<FailedTask> Tolerated { get; init; } = [];

    /// <summary>When the run was started, by this or an earlier command; null means that this is not known.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null means that it has not, or that this is not known.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many tasks and elements of fan-outs it had, and how many of them have settled; null means that this is not known.</summary>
    public (int Tasks, int Settled)? Counts { get; init; }

    /// <summary>The answers and signals that an open run waits for; empty unless it is <see cref="WorkflowStatus.Waiting"/>.</summary>
    public ImmutableArray<OpenWait> Waits { get; init; } = [];

    /// <summary>Children that continue without it, and had not ended when the command stopped waiting.</summary>
    public ImmutableArray<string> LeftChildren { get; init; } = [];

    /// <summary>The result so far of a run that waits for answers or signals.</summary>
    public static RunResult Waiting(ImmutableArray<OpenWait> waits) => new(WorkflowStatus.Waiting, null, null, []) { Waits = waits };
}
