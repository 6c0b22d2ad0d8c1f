using System.Collections.Immutable;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>What one execution of a task does, with expressions parsed and defaults filled in.</summary>
public abstract class BodyPlan
{
    private protected BodyPlan() { }

    /// <summary>A handler on a worker, for a task or for its compensation.</summary>
    public sealed class Uses(
        string handler, Template with, TimeSpan timeout, TimeSpan? deadline, TimeSpan? heartbeat, RetryPolicy retry, string queue, int priority)
        : BodyPlan
    {
        /// <summary>The handler's name.</summary>
        public string Handler { get; } = handler;

        /// <summary>Its input.</summary>
        public Template With { get; } = with;

        /// <summary>Per attempt, from the worker's start.</summary>
        public TimeSpan Timeout { get; } = timeout;

        /// <summary>Over all attempts, from the first offer; none: no limit.</summary>
        public TimeSpan? Deadline { get; } = deadline;

        /// <summary>How long the handler may be silent; none: for ever.</summary>
        public TimeSpan? Heartbeat { get; } = heartbeat;

        /// <summary>When another attempt follows.</summary>
        public RetryPolicy Retry { get; } = retry;

        /// <summary>The task queue.</summary>
        public string Queue { get; } = queue;

        /// <summary>0 to 9.</summary>
        public int Priority { get; } = priority;
    }

    /// <summary>A choice.</summary>
    public sealed class Switch(ImmutableArray<(string Label, Template? If)> cases) : BodyPlan
    {
        /// <summary>The cases in order; only the last may have no condition.</summary>
        public ImmutableArray<(string Label, Template? If)> Cases { get; } = cases;
    }

    /// <summary>Expressions to evaluate.</summary>
    public sealed class Set(Template values) : BodyPlan
    {
        /// <summary>The object.</summary>
        public Template Values { get; } = values;
    }

    /// <summary>A durable wait.</summary>
    public sealed class Delay(Template @for) : BodyPlan
    {
        /// <summary>A duration or a timestamp.</summary>
        public Template For { get; } = @for;
    }

    /// <summary>A failure.</summary>
    public sealed class Fail(Template message) : BodyPlan
    {
        /// <summary>Its message.</summary>
        public Template Message { get; } = message;
    }

    /// <summary>A nested graph.</summary>
    public sealed class Group(ScopePlan scope, TimeSpan? timeout) : BodyPlan
    {
        /// <summary>The graph.</summary>
        public ScopePlan Scope { get; } = scope;

        /// <summary>Of one instance as a whole; none: no limit.</summary>
        public TimeSpan? Timeout { get; } = timeout;
    }
}
