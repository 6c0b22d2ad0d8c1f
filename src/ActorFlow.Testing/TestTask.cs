
namespace ActorFlow.Testing;

/// <summary>A task of a run.</summary>
/// <param name="Path">Its path: <c>charge</c>, in a group <c>pay/charge</c>, an element of a fan-out <c>ship[2]</c>.</param>
/// <param name="Status">Its phase.</param>
/// <param name="Attempts">How often it was started in all, over retries, iterations and elements (rule 22 of the language).</param>
/// <param name="Output">Its output; the payload <c>null</c> unless there is one.</param>
/// <param name="Error">Why it failed; null unless it did.</param>
public sealed record TestTask(string Path, TaskPhase Status, int Attempts, Payload Output, TaskError? Error)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Status.ToString().ToLowerInvariant()}{(Error is null ? "" : $", {Error.Type}: {Error.Message}")}";
}
