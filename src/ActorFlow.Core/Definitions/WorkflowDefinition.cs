using System.Collections.Immutable;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions;

/// <summary>
/// What a user writes: a named, versioned graph of tasks. Pure data, the same whether it came from YAML, from JSON or
/// from the C# builder, and immutable: every run stays pinned to the definition that it started with.
/// </summary>
public sealed record WorkflowDefinition
{
    /// <summary>A checkpoint is taken every so many events where nothing else is said: 100.</summary>
    public const int DefaultCheckpointEvery = 100;

    /// <summary>How many checkpoints without a name are kept where nothing else is said: 3.</summary>
    public const int DefaultCheckpointKeep = 3;

    /// <summary>The name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version, 1 or more. The default is 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the workflow is for, in the author's words.</summary>
    public string? Description { get; init; }

    /// <summary>A JSON Schema (the supported 2020-12 subset) that a start's input must satisfy; none: anything goes.</summary>
    public Payload? InputSchema { get; init; }

    /// <summary>What tasks of the kind <c>uses</c> take where they do not say otherwise.</summary>
    public TaskDefaults Defaults { get; init; } = TaskDefaults.None;

    /// <summary>How long the whole run may take, from its start, paused time included; none: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many <c>uses</c> attempts of one run may be in flight at once; none: no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>What happens when the run fails.</summary>
    public FailurePolicy OnFailure { get; init; }

    /// <summary>A checkpoint is taken every so many events. The default is 100.</summary>
    public int CheckpointEvery { get; init; } = DefaultCheckpointEvery;

    /// <summary>A checkpoint is also taken when the last one is this old and something has happened since; none: age takes none.</summary>
    public TimeSpan? CheckpointInterval { get; init; }

    /// <summary>How many checkpoints without a name are kept, the newest; 1 to 100. The default is 3. Named ones are all kept.</summary>
    public int CheckpointKeep { get; init; } = DefaultCheckpointKeep;

    /// <summary>The tasks, in file order.</summary>
    public required ImmutableArray<TaskDefinition> Tasks { get; init; }

    /// <summary>The result of the run: a JSON value whose strings may hold expressions; none: see rule 25.</summary>
    public Payload? Output { get; init; }
}

/// <summary>What happens when a run fails or is cancelled.</summary>
public enum FailurePolicy
{
    /// <summary>The run ends as failed.</summary>
    Fail,

    /// <summary>Completed tasks with <c>compensate</c> are compensated in reverse order first.</summary>
    Compensate,
}

/// <summary>Defaults of a document for its tasks of the kind <c>uses</c> and for <c>compensate</c> (rule 13).</summary>
public sealed record TaskDefaults
{
    /// <summary>No defaults of the document's own.</summary>
    public static readonly TaskDefaults None = new();

    /// <summary>Per attempt; the engine's default is one hour.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Over all attempts together, from the first offer.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long a handler may be silent.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>Retry settings, merged key by key below a task's own.</summary>
    public RetryDefinition? Retry { get; init; }

    /// <summary>The task queue; the engine's default is <c>default</c>.</summary>
    public string? Queue { get; init; }

    /// <summary>0 lowest to 9 highest; the engine's default is 5.</summary>
    public int? Priority { get; init; }
}
