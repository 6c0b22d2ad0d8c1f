
namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run holds against its limits: elements of fan-outs, and bytes of payloads.</summary>
internal struct Quota
{
    /// <summary>The number of elements of all fan-outs so far.</summary>
    public int Elements { get; private set; }

    /// <summary>The number of those that have settled.</summary>
    public int SettledElements { get; private set; }

    /// <summary>The size in bytes of all payloads held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the run may fan out over that many more elements.</summary>
    public readonly bool HasRoomForElements(int more) => Elements + more <= Limits.Elements;

    /// <summary>Whether the run may hold that many more bytes.</summary>
    public readonly bool HasRoomFor(long bytes) => Bytes + bytes <= Limits.RunBytes;

    public void Hold(Payload? payload) => Hold(payload?.Length ?? 0);

    public void Hold(long bytes) => Bytes += bytes;

    public void Release(Payload? payload) => Release(payload?.Length ?? 0);

    public void Release(long bytes) => Bytes -= bytes;

    public void AddElements(int count) => Elements += count;

    public void SettleElements(int count) => SettledElements += count;

    public void ReopenElements(int count) => SettledElements -= count;

    public void TakeUp(RunImage image) => (Elements, SettledElements, Bytes) = (image.Elements, image.SettledElements, image.Bytes);
}
