using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>A task of a run, or one element of a fan-out, at one moment.</summary>
public sealed record TaskDescription
{
    /// <summary>Its path, elements and iterations included: <c>each[2]/x#3</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Its name for people; null means that it has only its id.</summary>
    public string? Title { get; init; }

    /// <summary>Its kind, in the words of the language: <c>uses</c>, <c>workflow</c>, <c>tasks</c>, <c>switch</c>, <c>set</c>, <c>signal</c>, <c>ask</c>, <c>delay</c>, <c>fail</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its phase.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>For a task, how often its executions were started in all; for an element or a compensation, the number of its current attempt.</summary>
    public required int Attempts { get; init; }

    /// <summary>For a task or element that runs a handler, the number of its current attempt, as <see cref="MaxAttempts"/> counts them; 0 means that none was made.</summary>
    public int Attempt { get; init; }

    /// <summary>For a task or element that runs a handler, how many attempts it may have; 0 for others.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>The worker that has its attempt; null means that no worker has it, or that this is not known.</summary>
    public string? Worker { get; init; }

    /// <summary>Its output; null means that it has none yet.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed or will fail; null means neither.</summary>
    public TaskError? Error { get; init; }

    /// <summary>What it waits for, while it runs.</summary>
    public TaskWait Wait { get; init; }

    /// <summary>The handler that runs, the signal's name, the child's id or the question, depending on <see cref="Wait"/>; null means that there is nothing to name.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Since when it waits; null means that it does not wait, or that this is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When its wait ends or times out; null means that the wait has no end of its own.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The number of elements of its fan-out; null means that it is no fan-out, or has settled.</summary>
    public int? Elements { get; init; }

    /// <summary>How many of its elements have settled.</summary>
    public int SettledElements { get; init; }
}

/// <summary>What a task waits for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskWait>))]
public enum TaskWait
{
    /// <summary>It waits for nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>A place within <c>max-parallel</c>, or the end of a pause.</summary>
    [JsonStringEnumMemberName("place")]
    Place,

    /// <summary>A worker: its attempt is offered, or runs.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,

    /// <summary>Its next attempt.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>Its next iteration.</summary>
    [JsonStringEnumMemberName("iteration")]
    Iteration,

    /// <summary>The end of its <c>delay</c>.</summary>
    [JsonStringEnumMemberName("delay")]
    Delay,

    /// <summary>A signal.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>A person's answer.</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>The end of a child.</summary>
    [JsonStringEnumMemberName("child")]
    Child,
}

/// <summary>The phase of a task, as expressions see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskPhase>))]
public enum TaskPhase
{
    /// <summary>Not decided yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Begun, not settled.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Settled with an output.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Settled as failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Settled without running.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>Stopped with its scope.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
