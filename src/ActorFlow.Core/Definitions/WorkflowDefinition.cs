using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions;

/// <summary>
/// What a user writes: a named, versioned graph of tasks. It is immutable data, the same whether it came from YAML, from JSON or
/// from the C# builder. Every run stays pinned to the definition that it started with.
/// </summary>
public sealed record WorkflowDefinition
{
    /// <summary>The default of <see cref="CheckpointEvery"/>: 100 events.</summary>
    public const int DefaultCheckpointEvery = 100;

    /// <summary>The default of <see cref="CheckpointKeep"/>: 3.</summary>
    public const int DefaultCheckpointKeep = 3;

    /// <summary>The name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version, 1 or more. The default is 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the workflow is for, in the author's words; null means no description.</summary>
    public string? Description { get; init; }

    /// <summary>A JSON Schema (the supported 2020-12 subset) that the input of a run must satisfy; null means that any input is valid.</summary>
    public Payload? InputSchema { get; init; }

    /// <summary>The defaults of tasks of the kind <c>uses</c>.</summary>
    public TaskDefaults Defaults { get; init; } = TaskDefaults.None;

    /// <summary>How long the whole run may take, from its start, paused time included; null means no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many <c>uses</c> attempts of one run may be outstanding at once; null means no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>What happens when the run fails.</summary>
    public FailurePolicy OnFailure { get; init; }

    /// <summary>A checkpoint is taken every so many events, 1 or more. The default is 100.</summary>
    public int CheckpointEvery { get; init; } = DefaultCheckpointEvery;

    /// <summary>A checkpoint is also taken when the last one is this old and the run has recorded events since; null means that age plays no part.</summary>
    public TimeSpan? CheckpointInterval { get; init; }

    /// <summary>How many checkpoints without a name are kept, 1 to 100, the newest of them. The default is 3. Named ones are all kept.</summary>
    public int CheckpointKeep { get; init; } = DefaultCheckpointKeep;

    /// <summary>The tasks, in file order.</summary>
    public required ImmutableArray<TaskDefinition> Tasks { get; init; }

    /// <summary>The result of the run: a JSON value whose strings may hold expressions; null means an object of the outputs of the tasks that nothing needs (rule 25).</summary>
    public Payload? Output { get; init; }
}

/// <summary>What is done when a run fails or is cancelled.</summary>
public enum FailurePolicy
{
    /// <summary>The run ends as failed.</summary>
    Fail,

    /// <summary>Completed executions of tasks with <c>compensate</c> are first compensated in reverse order.</summary>
    Compensate,
}

/// <summary>Defaults of a document for its tasks of the kind <c>uses</c> and for <c>compensate</c> (rule 13). Null means that the engine's default applies.</summary>
public sealed record TaskDefaults
{
    /// <summary>Only the engine's defaults.</summary>
    public static readonly TaskDefaults None = new();

    /// <summary>The timeout of each attempt; the engine's default is one hour.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The deadline of all attempts together, from the first offer; the engine has no default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long a handler may go without a heartbeat; the engine has no default.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>Retry settings, merged key by key with those of a task, which come first.</summary>
    public RetryDefinition? Retry { get; init; }

    /// <summary>The task queue; the engine's default is <c>default</c>.</summary>
    public string? Queue { get; init; }

    /// <summary>The priority, 0 (lowest) to 9 (highest); the engine's default is 5.</summary>
    public int? Priority { get; init; }
}
