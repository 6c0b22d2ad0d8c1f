using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows;

/// <summary>The result of a command.</summary>
internal abstract record Decision
{
    private Decision() { }

    /// <summary>The exceptions that were met while it was made, to be logged and counted. Empty, unless the engine has a fault.</summary>
    public ImmutableArray<DecisionFault> Faults { get; init; } = [];

    /// <summary>The command is already satisfied, or no longer matters: there is nothing to record and no error.</summary>
    public static readonly Decision Nothing = new Unchanged();

    /// <summary>The commit to record, and the state after it.</summary>
    public sealed record Accepted(WorkflowCommit Commit, WorkflowState State) : Decision
    {
        /// <summary>
        /// Requested children that continue when no run waits for them: they must be started, even if the same decision
        /// then left them.
        /// </summary>
        public ImmutableArray<ChildOrder> Outliving { get; init; } = [];
    }

    /// <summary>There is nothing to record.</summary>
    public sealed record Unchanged : Decision;

    /// <summary>The command is not valid in this state.</summary>
    /// <param name="Code">
    /// A stable code: <c>workflow-not-found</c>, <c>id-conflict</c>, <c>command-conflict</c>, <c>invalid-input</c>, <c>closed</c>, <c>payload-too-large</c>,
    /// <c>payload-too-deep</c>, <c>payload-not-text</c>, <c>not-text</c>,
    /// <c>limit-exceeded</c>, <c>signal-not-found</c>, <c>invalid-payload</c>, <c>task-not-found</c>, <c>not-waiting</c>, <c>invalid-answer</c>,
    /// <c>not-paused</c>, <c>rewinding</c>, <c>bad-name</c>, <c>not-closed</c>, <c>not-failed</c>, <c>terminated</c>, <c>consumed</c>,
    /// <c>compensated</c>, <c>checkpoint-not-found</c>, <c>unavailable</c> (try again later), <c>internal</c>.
    /// </param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Code, string Reason) : Decision;
}
