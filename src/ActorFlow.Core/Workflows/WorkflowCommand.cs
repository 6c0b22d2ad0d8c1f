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
    /// <param name="Input">The input, already found to satisfy the definition's schema.</param>
    public sealed record Start(string WorkflowId, Guid CommandId, Guid RunId, DefinitionReference Definition, Payload Input) : WorkflowCommand;

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
}

/// <summary>Which definition a run is pinned to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">The SHA-256 of its canonical form, in lower-case hexadecimal digits.</param>
public sealed record DefinitionReference(string Name, int Version, string Hash);
