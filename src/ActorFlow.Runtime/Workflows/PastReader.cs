using System.Globalization;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Reads the past of one run: its history, its checkpoints, and past states. The run continues meanwhile.</summary>
internal sealed class PastReader(WorkflowSession session, WorkflowServices services, CheckpointBook checkpoints, IActorRef run, ActorSystem system)
{
    private readonly string _id = session.WorkflowId;
    private readonly string _persistenceId = PersistenceIds.Of(session.WorkflowId);
    private readonly PluginJournal _journal = new(system);
    private int _reading;

    /// <summary>Whether a request waits for a past state.</summary>
    public bool IsBusy => _reading > 0;

    /// <summary>Whether an image is too large to send: a sender on another node then reads it from the store.</summary>
    public static bool IsTooLargeFor(IActorRef asker, RunImage image) =>
        MessageSizeLimits.IsElsewhere(asker) && MessageSizeLimits.SizeOf(image) > MessageSizeLimits.Answer;

    /// <summary>Sends the list of checkpoints that are kept.</summary>
    public void SendCheckpoints(IActorRef asker) => KeptCheckpoints.ListAsync(services.Checkpoints, _id, checkpoints.Named).PipeTo(asker, run, failure: Unavailable);

    /// <summary>Sends rows of the journal.</summary>
    /// <param name="history">The rows to send.</param>
    /// <param name="asker">The sender of the request.</param>
    /// <param name="last">The number of the last row.</param>
    public void SendHistory(WorkflowQuery.GetHistory history, IActorRef asker, long last) =>
        ReadHistoryAsync(history, MessageSizeLimits.IsElsewhere(asker), last).PipeTo(asker, run, failure: Unavailable);

    /// <summary>Reads a past state; the run's actor gets a <see cref="PastRead"/> once that is done.</summary>
    /// <param name="asked">The request that needs it.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number.</param>
    /// <param name="asker">The sender of the request.</param>
    /// <param name="last">The number of the last row.</param>
    /// <returns>The refusal; null means that the state is being read.</returns>
    public WorkflowReply.Refused? Read(IWorkflowMessage asked, string checkpoint, IActorRef asker, long last)
    {
        if (session.State is null or WorkflowState.NotStarted)
        {
            return new(_id, "workflow-not-found", $"There is no workflow run '{_id}'.");
        }

        if (checkpoints.Find(checkpoint) is not { } sequence || sequence > last)
        {
            return NoCheckpoint(checkpoint);
        }

        _reading++;
        PastState.ReadAsync(_journal, services.Checkpoints, session.Plan!, _persistenceId, sequence).PipeTo(
            run,
            success: image => new PastRead(asked, asker, sequence, image, null),
            failure: error => new PastRead(asked, asker, sequence, null, error.GetBaseException().Message));
        return null;
    }

    /// <summary>Handles a past state that was read: answers the sender of the request.</summary>
    /// <returns>The rewind that it was read for; null means that it was read for another request.</returns>
    public WorkflowCommand.Rewind? On(PastRead read)
    {
        _reading--;
        switch (read)
        {
            case { Failure: { } failure }:
                read.Sender.Tell(new WorkflowReply.Refused(_id, "unavailable", failure));
                return null;
            case { Image: null }:
                read.Sender.Tell(NoCheckpoint(read.Sequence.ToString(CultureInfo.InvariantCulture)));
                return null;
            case { Asked: RewindTo rewind, Image: { } image }:
                return new(_id, rewind.CommandId, read.Sequence, image) { Checkpoint = rewind.Checkpoint, LeftBy = rewind.LeftBy };
            case { Asked: WorkflowQuery.GetCheckpoint { PlaceOnly: true }, Image: { } image }:
                read.Sender.Tell(PlaceOf(read.Sequence, image) with { Input = image.Input });
                return null;
            case { Image: { } image } when IsTooLargeFor(read.Sender, image):
                read.Sender.Tell(PlaceOf(read.Sequence, image));
                return null;
            default:
                read.Sender.Tell(new WorkflowReply.Checkpoint(_id, read.Sequence, read.Image));
                return null;
        }
    }

    private WorkflowReply.Refused NoCheckpoint(string checkpoint) =>
        new(_id, "checkpoint-not-found", $"The workflow run '{_id}' has no checkpoint '{checkpoint}'.");

    private WorkflowReply.Refused Unavailable(Exception error) => new(_id, "unavailable", error.GetBaseException().Message);

    private WorkflowReply.ReadFromStore PlaceOf(long sequence, RunImage image) => new(_id, image.RunId, sequence, image.Definition);

    private async Task<WorkflowReply> ReadHistoryAsync(WorkflowQuery.GetHistory history, bool elsewhere, long last)
    {
        var (runId, definition) = session.State switch
        {
            WorkflowState.Closed closed => (closed.RunId, closed.Definition),
            WorkflowState.Open open => (open.RunId, open.Definition),
            _ => throw new InvalidOperationException("A run that has not begun has no history."),
        };
        var rows = await JournalPage.ReadAsync(_journal, _persistenceId, history.From, last, history.Max).ConfigureAwait(false);
        return elsewhere && rows is [var only] && MessageSizeLimits.SizeOf(only) > MessageSizeLimits.Answer
            ? new WorkflowReply.ReadFromStore(_id, runId, last, definition)
            : new WorkflowReply.History(_id, rows, last);
    }
}

/// <summary>A past state was read.</summary>
/// <param name="Asked">The request that it was read for.</param>
/// <param name="Sender">The sender of the request.</param>
/// <param name="Sequence">The number of the journal row of the state.</param>
/// <param name="Image">The state; null means that there is none.</param>
/// <param name="Failure">Why it could not be read; null means that it was.</param>
internal sealed record PastRead(IWorkflowMessage Asked, IActorRef Sender, long Sequence, RunImage? Image, string? Failure)
    : INoSerializationVerificationNeeded;
