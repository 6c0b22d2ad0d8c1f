
namespace ActorFlow.Perf.Nodes;

/// <summary>Fails as often as its input says, then says which attempt succeeded. An attempt more than that is an error for good.</summary>
internal sealed class FlakyHandler : TaskHandler<FlakyHandler.Script, FlakyHandler.Success>
{
    /// <inheritdoc/>
    public override Task<Success> RunAsync(Script input, TaskContext context, CancellationToken cancellationToken) =>
        context.Attempt <= input.Failures ? throw new TaskFailure("Scripted", $"Attempt {context.Attempt} fails by its script.")
        : context.Attempt == input.Failures + 1 ? Task.FromResult(new Success(context.Attempt))
        : throw new TaskFailure("OneTooMany", $"Attempt {context.Attempt}, though number {input.Failures + 1} succeeded.", retryable: false);

    /// <summary>How often it fails.</summary>
    internal sealed record Script(int Failures);

    /// <summary>The attempt that succeeded.</summary>
    internal sealed record Success(int Attempt);
}
