
namespace ActorFlow.Core.Workflows;

/// <summary>Checks the texts of commands: neither messages nor the journal can hold half of a surrogate pair.</summary>
internal static class CommandTexts
{
    /// <summary>The refusal of a command for its texts; null means that they are valid.</summary>
    public static Decision.Refused? Refuse(IWorkflowMessage message) => message switch
    {
        WorkflowCommand.Start start => Refuse(start.Directory, "The directory")
            ?? Refuse(start.Trace?.Parent, "The trace") ?? Refuse(start.Trace?.State, "The trace")
            ?? start.Tags.Select(tag => Refuse(tag.Key, "A tag") ?? Refuse(tag.Value, "A tag")).FirstOrDefault(refused => refused is not null),
        WorkflowCommand.Cancel cancel => Refuse(cancel.Reason, "The reason"),
        WorkflowCommand.Terminate terminate => Refuse(terminate.Reason, "The reason"),
        WorkflowCommand.Signal signal => Refuse(signal.Name, "The name of the signal"),
        WorkflowCommand.Answer answer => Refuse(answer.Task, "The task") ?? Refuse(answer.By, "The name of who answers")
            ?? Refuse(answer.ClaimedBy, "The name of who is answered for") ?? Refuse(answer.Comment, "The comment"),
        WorkflowCommand.Retry { From: { } from } => Refuse(from, "The task"),
        WorkflowCommand.TakeCheckpoint checkpoint => Refuse(checkpoint.Name, "The name of the checkpoint"),
        _ => null,
    };

    private static Decision.Refused? Refuse(string? text, string what) => text is not null && UnicodeText.IndexOfHalfPair(text) >= 0
        ? new("not-text", $"{what} holds half of a surrogate pair, which is no character.")
        : null;
}
