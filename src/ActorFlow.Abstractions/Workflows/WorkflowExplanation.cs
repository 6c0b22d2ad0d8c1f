using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>Why a run does not move, in words.</summary>
/// <param name="Id">The id of the run.</param>
/// <param name="Status">Its status.</param>
/// <param name="Summary">The most telling reason, in one sentence.</param>
/// <param name="Reasons">Everything that holds the run up, the most telling first, at most 100. Empty means that nothing does.</param>
public sealed record WorkflowExplanation(string Id, WorkflowStatus Status, string Summary, ImmutableArray<WorkflowReason> Reasons);

/// <summary>One reason why a run does not move.</summary>
/// <param name="Kind">What holds it up.</param>
/// <param name="Task">The path of the task; null means the run as a whole.</param>
/// <param name="Text">The reason in one sentence.</param>
/// <param name="Since">Since when; null means that this is not known.</param>
/// <param name="Until">When it ends or times out by itself; null means that it does not.</param>
/// <param name="Command">The command that helps, as a POSIX shell takes it; null means that none does.</param>
public sealed record WorkflowReason(ReasonKind Kind, string? Task, string Text, DateTimeOffset? Since, DateTimeOffset? Until, string? Command);

/// <summary>What holds a run up.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReasonKind>))]
public enum ReasonKind
{
    /// <summary>It has ended.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>It cannot be read back from the store.</summary>
    [JsonStringEnumMemberName("stuck")]
    Stuck,

    /// <summary>The store cannot write.</summary>
    [JsonStringEnumMemberName("store")]
    Store,

    /// <summary>It is paused.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>It stops, and waits for what still runs.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>An attempt was lost so often with its workers that it is not offered any more.</summary>
    [JsonStringEnumMemberName("poison")]
    Poison,

    /// <summary>No worker offers a handler.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,

    /// <summary>No worker has a free slot, or the run's own <c>max-parallel</c> is reached.</summary>
    [JsonStringEnumMemberName("slot")]
    Slot,

    /// <summary>The next attempt is not due yet.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>A person's answer.</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>A signal.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>The end of a child.</summary>
    [JsonStringEnumMemberName("child")]
    Child,

    /// <summary>The end of a <c>delay</c> or of the delay of the start, or the next iteration of a loop.</summary>
    [JsonStringEnumMemberName("delay")]
    Delay,

    /// <summary>A worker runs an attempt.</summary>
    [JsonStringEnumMemberName("running")]
    Running,
}
