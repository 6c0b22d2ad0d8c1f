using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Runs;

/// <summary>Runs one workflow on a node embedded in this process.</summary>
internal interface IWorkflowRunner
{
    /// <summary>The names of the handlers that the node's worker offers.</summary>
    IReadOnlyCollection<string> Handlers { get; }

    /// <summary>
    /// Starts the run, or resumes the one of that id, and waits for its end. The result of a run that is closed already is given
    /// without running anything.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Told of every change; may be called from any thread.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts: stop in good order and leave the run resumable.</param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="CommandFailure">It cannot be started: input against the schema (2), data directory (3), id in use (5).</exception>
    /// <exception cref="OperationCanceledException">It was interrupted, and can be resumed.</exception>
    Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, CancellationToken cancellationToken);
}

/// <summary>What to run.</summary>
/// <param name="Definitions">All definitions of the file; the first one runs.</param>
/// <param name="Input">The input; none: an empty object for a new run, whatever it was for one that is resumed.</param>
/// <param name="Id">The id of the run.</param>
/// <param name="IsNewId">Whether the id was made up for this run, so that there can be none yet.</param>
/// <param name="DataDirectory">Where the node keeps its database; made if it is not there.</param>
/// <param name="Parallel">How many tasks the worker runs at once; none: the runtime's default.</param>
internal sealed record RunRequest(
    ImmutableArray<WorkflowDefinition> Definitions, Payload? Input, string Id, bool IsNewId, string DataDirectory, int? Parallel);

/// <summary>How a run ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Output">The output of a completed run.</param>
/// <param name="Reason">Why a run did not complete, for people.</param>
/// <param name="FailedTasks">The tasks that failed for good, first the one that failed the run.</param>
internal sealed record RunResult(RunStatus Status, Payload? Output, string? Reason, ImmutableArray<FailedTask> FailedTasks)
{
    /// <summary>The result of a run that completed.</summary>
    public static RunResult Completed(Payload output) => new(RunStatus.Completed, output, null, []);
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
}

/// <summary>A task that failed for good.</summary>
/// <param name="Task">Its path: <c>each[2]/x#3</c>.</param>
/// <param name="Type">The error type.</param>
/// <param name="Attempts">How many attempts it had.</param>
/// <param name="Message">What went wrong.</param>
internal sealed record FailedTask(string Task, string Type, int Attempts, string Message);
