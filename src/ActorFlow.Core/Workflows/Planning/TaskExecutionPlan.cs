using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>What one execution of a task does, with expressions parsed and defaults filled in.</summary>
internal abstract class TaskExecutionPlan
{
    private protected TaskExecutionPlan() { }

    /// <summary>A handler on a worker, for a task or for its compensation.</summary>
    public sealed class Uses(
        string handler, Template with, TimeSpan timeout, TimeSpan? deadline, TimeSpan? heartbeat, RetryPolicy retry, string queue, int priority)
        : TaskExecutionPlan
    {
        /// <summary>The handler's name.</summary>
        public string Handler { get; } = handler;

        /// <summary>Its input.</summary>
        public Template With { get; } = with;

        /// <summary>The timeout of each attempt, from its start on the worker.</summary>
        public TimeSpan Timeout { get; } = timeout;

        /// <summary>The deadline of all attempts together, from the first offer; null means no limit.</summary>
        public TimeSpan? Deadline { get; } = deadline;

        /// <summary>How long the handler may go without a heartbeat; null means no limit.</summary>
        public TimeSpan? Heartbeat { get; } = heartbeat;

        /// <summary>When another attempt follows.</summary>
        public RetryPolicy Retry { get; } = retry;

        /// <summary>The task queue.</summary>
        public string Queue { get; } = queue;

        /// <summary>The priority, 0 (lowest) to 9 (highest).</summary>
        public int Priority { get; } = priority;
    }

    /// <summary>A choice.</summary>
    public sealed class Switch(ImmutableArray<(string Label, Template? If)> cases) : TaskExecutionPlan
    {
        /// <summary>The cases in order; only the last may have no condition.</summary>
        public ImmutableArray<(string Label, Template? If)> Cases { get; } = cases;
    }

    /// <summary>Expressions to evaluate.</summary>
    public sealed class Set(Template values) : TaskExecutionPlan
    {
        /// <summary>The object.</summary>
        public Template Values { get; } = values;
    }

    /// <summary>A durable wait.</summary>
    public sealed class Delay(Template @for) : TaskExecutionPlan
    {
        /// <summary>A duration or a timestamp.</summary>
        public Template For { get; } = @for;
    }

    /// <summary>A failure.</summary>
    public sealed class Fail(Template message) : TaskExecutionPlan
    {
        /// <summary>Its message.</summary>
        public Template Message { get; } = message;
    }

    /// <summary>A nested graph.</summary>
    public sealed class Group(ScopePlan scope, TimeSpan? timeout) : TaskExecutionPlan
    {
        /// <summary>The graph.</summary>
        public ScopePlan Scope { get; } = scope;

        /// <summary>The timeout of one instance as a whole; null means no limit.</summary>
        public TimeSpan? Timeout { get; } = timeout;
    }

    /// <summary>A child workflow.</summary>
    public sealed class Child(string name, int? version, Template with, TimeSpan? timeout, ParentClose parentClose) : TaskExecutionPlan
    {
        /// <summary>The name of its definition.</summary>
        public string Name { get; } = name;

        /// <summary>Its version; null means the document's own, else the newest.</summary>
        public int? Version { get; } = version;

        /// <summary>Its input.</summary>
        public Template With { get; } = with;

        /// <summary>The timeout of the child as a whole; null means no limit.</summary>
        public TimeSpan? Timeout { get; } = timeout;

        /// <summary>What happens to it when its parent ends first.</summary>
        public ParentClose ParentClose { get; } = parentClose;
    }

    /// <summary>A wait for a signal.</summary>
    public sealed class Signal(string name, JsonSchema? schema, TimeSpan? timeout) : TaskExecutionPlan
    {
        /// <summary>The signal's name.</summary>
        public string Name { get; } = name;

        /// <summary>The schema of its payload; null means that any payload is valid.</summary>
        public JsonSchema? Schema { get; } = schema;

        /// <summary>How long it waits; null means no limit.</summary>
        public TimeSpan? Timeout { get; } = timeout;
    }

    /// <summary>A wait for a person.</summary>
    public sealed class Ask(
        AskKind kind, Template prompt, Template? options, Template? assignees, JsonSchema? schema, Payload? @default, TimeSpan? timeout)
        : TaskExecutionPlan
    {
        /// <summary>The kind of answer.</summary>
        public AskKind Kind { get; } = kind;

        /// <summary>The question.</summary>
        public Template Prompt { get; } = prompt;

        /// <summary>The options of a choice; null for other kinds.</summary>
        public Template? Options { get; } = options;

        /// <summary>Who is asked; null means that nobody is named.</summary>
        public Template? Assignees { get; } = assignees;

        /// <summary>A schema that the value must also satisfy; null means that there is none.</summary>
        public JsonSchema? Schema { get; } = schema;

        /// <summary>The value taken when the timeout passes; null means that the task fails.</summary>
        public Payload? Default { get; } = @default;

        /// <summary>How long it waits; null means no limit.</summary>
        public TimeSpan? Timeout { get; } = timeout;
    }
}
