using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire.Checkpoints;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Wire;

/// <summary>What fits a frame between nodes (4 MB), with room for what is around it.</summary>
internal static class MessageSizeLimits
{
    /// <summary>Rows of a journal up to this size together make a page: 2 MB.</summary>
    public const int Page = 2 * 1024 * 1024;

    /// <summary>One answer: 3 MB.</summary>
    public const int Answer = 3 * 1024 * 1024;

    /// <summary>Whether a message to that actor has to fit a frame.</summary>
    public static bool IsElsewhere(IActorRef actor) => actor is IActorRefScope { IsLocal: false };

    /// <summary>The bytes of an image on the wire.</summary>
    public static int SizeOf(RunImage image) => image.ToMessage().CalculateSize();

    /// <summary>The bytes of a row on the wire.</summary>
    public static int SizeOf(JournalEntry row) => JournalFormat.ToMessage(new CommitBatch(row.Commits)).CalculateSize();
}
