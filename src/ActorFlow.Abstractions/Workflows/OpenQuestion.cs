using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>A question that waits for an answer.</summary>
/// <param name="Task">The path of the task that asks.</param>
/// <param name="Title">The task's name for people; its id if it has none.</param>
/// <param name="Kind">The kind of answer.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Options">The options, an array; null unless the question is a choice.</param>
/// <param name="Assignees">Who is asked; null means that nobody is named.</param>
/// <param name="TimeoutAt">When the wait times out; null means never.</param>
public sealed record OpenQuestion(
    string Task, string Title, AskKind Kind, string Prompt, Payload? Options, Payload? Assignees, DateTimeOffset? TimeoutAt);

/// <summary>What sort of answer a person is asked for (rule 29).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AskKind>))]
public enum AskKind
{
    /// <summary>Yes or no.</summary>
    [JsonStringEnumMemberName("approval")]
    Approval,

    /// <summary>One of the options.</summary>
    [JsonStringEnumMemberName("choice")]
    Choice,

    /// <summary>A whole number from 1 to 5.</summary>
    [JsonStringEnumMemberName("rating")]
    Rating,

    /// <summary>Text.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Text: an opinion.</summary>
    [JsonStringEnumMemberName("feedback")]
    Feedback,

    /// <summary>Text: a review.</summary>
    [JsonStringEnumMemberName("review")]
    Review,

    /// <summary>Yes or no: whether something is right.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,
}
