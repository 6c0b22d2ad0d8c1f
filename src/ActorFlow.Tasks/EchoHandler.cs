
namespace ActorFlow.Tasks;

/// <summary><c>echo</c>: the output is the input, byte for byte.</summary>
internal sealed class EchoHandler : ITaskHandler
{
    /// <inheritdoc/>
    public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(input);
}
