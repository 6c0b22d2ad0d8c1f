using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Workflows;

/// <summary>A message to one workflow run; sharding routes by it.</summary>
public interface IWorkflowMessage
{
    /// <summary>The id of the run.</summary>
    string WorkflowId { get; }
}

/// <summary>Something a run is asked to do, or told. A command may be refused; an event may not.</summary>
public abstract record WorkflowCommand : IWorkflowMessage
{
    private WorkflowCommand() { }

    /// <inheritdoc/>
    public abstract string WorkflowId { get; init; }

    /// <summary>Begins the run. A repeat with the same definition and input gets the first answer; any other is a conflict.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">Names this command; a repeat carries the same.</param>
    /// <param name="RunId">Names this run for good, even if the workflow id is used again.</param>
    /// <param name="Definition">What to run: name, version and content hash.</param>
    /// <param name="Input">The input; the definition's schema is checked here.</param>
    public sealed record Start(string WorkflowId, Guid CommandId, Guid RunId, DefinitionReference Definition, Payload Input) : WorkflowCommand
    {
        /// <summary>The run whose task this one is, and which execution of it; none: it stands by itself.</summary>
        public ParentLink? Parent { get; init; }

        /// <summary>The run that this one was forked from; none: it begins at the beginning.</summary>
        public RunOrigin? Origin { get; init; }

        /// <summary>What a fork goes on from; only with <see cref="Origin"/>.</summary>
        public RunImage? Image { get; init; }

        /// <summary>The further definitions of the same document: children of those names run them (rule 30).</summary>
        public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

        /// <summary>The directory that whoever started the run was in: what relative paths of its tasks mean; null means that none was said.</summary>
        public string? Directory { get; init; }

        /// <summary>Words to find the run by.</summary>
        public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;
    }

    /// <summary>A worker, or a task queue on behalf of a lost one, says how an attempt ended.</summary>
    public sealed record Report(string WorkflowId, AttemptId Attempt, LeaseId Lease, TaskOutcome Outcome) : WorkflowCommand;

    /// <summary>Something has fallen due: a backoff, a delay, a timeout.</summary>
    public sealed record Tick(string WorkflowId) : WorkflowCommand;

    /// <summary>Goes on with what one decision left over, because it would have grown too large.</summary>
    public sealed record Continue(string WorkflowId) : WorkflowCommand;

    /// <summary>Ends the run in good order: what runs is cancelled, and compensated where the definition says so.</summary>
    public sealed record Cancel(string WorkflowId, Guid CommandId, string Reason) : WorkflowCommand;

    /// <summary>Ends the run at once. What runs is abandoned, nothing is compensated.</summary>
    public sealed record Terminate(string WorkflowId, Guid CommandId, string Reason) : WorkflowCommand;

    /// <summary>Sends the run a signal: kept until a task of it consumes it.</summary>
    public sealed record Signal(string WorkflowId, Guid CommandId, string Name, Payload Payload) : WorkflowCommand;

    /// <summary>Answers a question. The first valid answer settles it.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">Names this command.</param>
    /// <param name="Task">The path of the task that asks; the iteration of a loop may be left out.</param>
    /// <param name="Value">The answer.</param>
    /// <param name="By">Who answers.</param>
    /// <param name="Comment">What they say with it.</param>
    public sealed record Answer(string WorkflowId, Guid CommandId, string Task, Payload Value, string? By, string? Comment) : WorkflowCommand;

    /// <summary>Starts nothing new until it is resumed; what runs goes on (rule 33).</summary>
    public sealed record Pause(string WorkflowId, Guid CommandId) : WorkflowCommand;

    /// <summary>Ends a pause.</summary>
    public sealed record Resume(string WorkflowId, Guid CommandId) : WorkflowCommand;

    /// <summary>
    /// Opens a run that has ended: without <paramref name="From"/> a failed one goes on from its failed tasks; with it, that task of
    /// the run's own graph and everything downstream of it run again.
    /// </summary>
    public sealed record Retry(string WorkflowId, Guid CommandId, string? From) : WorkflowCommand
    {
        /// <summary>The parent's attempt that left this run to itself, as the parent's journal tells; null means that nobody has looked.</summary>
        public AttemptId? LeftBy { get; init; }
    }

    /// <summary>Takes a checkpoint under a name.</summary>
    public sealed record TakeCheckpoint(string WorkflowId, Guid CommandId, string Name) : WorkflowCommand;

    /// <summary>Takes the run back to a checkpoint: first everything under way is stopped and settles.</summary>
    /// <param name="WorkflowId">The id of the run.</param>
    /// <param name="CommandId">Names this command.</param>
    /// <param name="To">The sequence number of the checkpoint.</param>
    /// <param name="Image">What it holds.</param>
    public sealed record Rewind(string WorkflowId, Guid CommandId, long To, RunImage Image) : WorkflowCommand
    {
        /// <inheritdoc cref="Retry.LeftBy"/>
        public AttemptId? LeftBy { get; init; }
    }

    /// <summary>Which definition a child is to run, or why there is none.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">Which execution, and which start of it.</param>
    /// <param name="Definition">The definition; none: there is none.</param>
    public sealed record ResolveChild(string WorkflowId, AttemptId Attempt, DefinitionReference? Definition) : WorkflowCommand;

    /// <summary>A child could not start.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">Which execution, and which start of it.</param>
    /// <param name="Type">The error type.</param>
    /// <param name="Message">Why, for people.</param>
    public sealed record ChildRefused(string WorkflowId, AttemptId Attempt, string Type, string Message) : WorkflowCommand;

    /// <summary>A child has ended.</summary>
    /// <param name="WorkflowId">The id of the parent.</param>
    /// <param name="Attempt">Which execution, and which start of it.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Output">Its result.</param>
    /// <param name="Error">Why it failed.</param>
    /// <param name="Reason">Why it was cancelled or terminated.</param>
    public sealed record ChildEnded(
        string WorkflowId, AttemptId Attempt, RunOutcome Outcome, Payload Output, TaskError? Error, string? Reason) : WorkflowCommand;
}

/// <summary>Which definition a run is pinned to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">The SHA-256 of its canonical form, in lower-case hexadecimal digits.</param>
public sealed record DefinitionReference(string Name, int Version, string Hash);

/// <summary>Whose child a run is.</summary>
/// <param name="WorkflowId">The id of the parent.</param>
/// <param name="Attempt">The execution of it that waits, and which start of that execution.</param>
/// <param name="Depth">How many runs stand above this one: 1 for the child of a run that has no parent.</param>
public sealed record ParentLink(string WorkflowId, AttemptId Attempt, int Depth)
{
    /// <summary>Whether this is a later start of the same child than another, by the same parent: it was taken back or retried.</summary>
    public bool Follows(ParentLink former) =>
        WorkflowId == former.WorkflowId
        && (Attempt.RunId != former.Attempt.RunId
            || (Attempt.Generation, Attempt.Number).CompareTo((former.Attempt.Generation, former.Attempt.Number)) > 0);
}

/// <summary>Where a fork comes from.</summary>
/// <param name="WorkflowId">The id of the run that was forked.</param>
/// <param name="RunId">That run, for good.</param>
/// <param name="Sequence">The sequence number of the checkpoint.</param>
public sealed record RunOrigin(string WorkflowId, Guid RunId, long Sequence);
