namespace ActorFlow;

/// <summary>A task that failed for good.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Type">The error type.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Attempts">How often its execution was attempted.</param>
public sealed record FailedTask(string Path, string Type, string Message, int Attempts);
