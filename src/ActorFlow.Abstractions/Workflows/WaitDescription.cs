using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>What a task of a run waits for.</summary>
/// <param name="Task">The path of the task.</param>
/// <param name="Kind">What it waits for.</param>
/// <param name="Since">Since when; null means that this is not known.</param>
/// <param name="Until">When the wait ends or times out; null means that it has no end of its own.</param>
/// <param name="Detail">The signal, the child, the question, or the handler that no worker offers, for people; null means that there is nothing to name.</param>
public sealed record WaitDescription(string Task, WaitKind Kind, DateTimeOffset? Since, DateTimeOffset? Until, string? Detail);

/// <summary>What a wait is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WaitKind>))]
public enum WaitKind
{
    /// <summary>A signal.</summary>
    [JsonStringEnumMemberName("signal")]
    Signal,

    /// <summary>A person's answer.</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>The end of a <c>delay</c>, or the next iteration of a loop.</summary>
    [JsonStringEnumMemberName("delay")]
    Delay,

    /// <summary>The next attempt.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>The end of a child.</summary>
    [JsonStringEnumMemberName("child")]
    Child,

    /// <summary>A place within <c>max-parallel</c>, or the end of a pause of the run.</summary>
    [JsonStringEnumMemberName("slot")]
    Slot,

    /// <summary>A worker: no worker offers the handler, or none has a free slot.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,
}
