namespace ActorFlow;

/// <summary>One checkpoint of a run.</summary>
/// <param name="Sequence">Its number: that of the journal row after which it was taken.</param>
/// <param name="Name">Its name; null means that the run's policy took it.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Bytes">Its stored size in bytes; 0 means that it is not stored, and is computed from the journal.</param>
public sealed record CheckpointSummary(long Sequence, string? Name, DateTimeOffset At, long Bytes);
