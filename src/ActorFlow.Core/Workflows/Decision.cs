using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows;

/// <summary>The answer of the rules to a command.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>What threw while it was made, and what it cost: to be logged and counted. Empty, unless the engine has a fault.</summary>
    public ImmutableArray<DecisionFault> Faults { get; init; } = [];

    /// <summary>The command is already satisfied, or no longer matters: nothing to record, and nothing wrong.</summary>
    public static readonly Decision Nothing = new Unchanged();

    /// <summary>What to record, and the state once it is.</summary>
    public sealed record Accepted(WorkflowCommit Commit, WorkflowState State) : Decision
    {
        /// <summary>
        /// The children asked for that go on when nobody waits for them any more: they are to begin, even if the same decision went on to
        /// leave them.
        /// </summary>
        public ImmutableArray<ChildOrder> Outliving { get; init; } = [];
    }

    /// <summary>There is nothing to record.</summary>
    public sealed record Unchanged : Decision;

    /// <summary>The command makes no sense here.</summary>
    /// <param name="Code">
    /// A stable code: <c>workflow-not-found</c>, <c>id-conflict</c>, <c>invalid-input</c>, <c>closed</c>, <c>payload-too-large</c>,
    /// <c>payload-too-deep</c>, <c>payload-not-text</c>, <c>not-text</c>,
    /// <c>limit-exceeded</c>, <c>signal-not-found</c>, <c>invalid-payload</c>, <c>task-not-found</c>, <c>not-waiting</c>, <c>invalid-answer</c>,
    /// <c>not-paused</c>, <c>rewinding</c>, <c>bad-name</c>, <c>not-closed</c>, <c>not-failed</c>, <c>terminated</c>, <c>consumed</c>,
    /// <c>compensated</c>, <c>checkpoint-not-found</c>, <c>internal</c>.
    /// </param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Code, string Reason) : Decision;
}
