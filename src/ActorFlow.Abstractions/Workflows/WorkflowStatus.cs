using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>The status of a run, as lists show it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkflowStatus>))]
public enum WorkflowStatus
{
    /// <summary>Attempts of it run, or something is about to start.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Nothing new starts until it is resumed.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>It only waits: for a signal, a person, a time or a child.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It ended with a result.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It ended with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was cancelled, in good order.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It was ended at once.</summary>
    [JsonStringEnumMemberName("terminated")]
    Terminated,

    /// <summary>It cannot be recovered from its journal; the recovery is tried again from time to time.</summary>
    [JsonStringEnumMemberName("stuck")]
    Stuck,
}

/// <summary>The words for a <see cref="WorkflowStatus"/>: they are stored, and never change.</summary>
public static class WorkflowStatuses
{
    private static readonly string[] Words = ["running", "paused", "waiting", "completed", "failed", "cancelled", "terminated", "stuck"];

    /// <summary>Gives the word of a status.</summary>
    public static string ToWord(this WorkflowStatus status) => Words[(int)status];

    /// <summary>Gives the status of that word; null if there is no such word.</summary>
    public static WorkflowStatus? FromWord(string word) =>
        Array.IndexOf(Words, word) is >= 0 and var index ? (WorkflowStatus)index : null;
}
