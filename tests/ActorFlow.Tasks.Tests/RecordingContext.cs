using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorFlow.Tasks.Tests;

/// <summary>A first attempt that counts its heartbeats.</summary>
internal sealed class RecordingContext : TaskContext
{
    private int _heartbeats;

    public int Heartbeats => Volatile.Read(ref _heartbeats);

    public override string WorkflowId => "w";

    public override string Task => "t";

    public override string Handler => "h";

    public override int Attempt => 1;

    public override string IdempotencyKey => "w/0/t";

    public override Payload? PreviousProgress => null;

    public string? RunDirectory { get; init; }

    public override string? Directory => RunDirectory;

    /// <summary>The places of the input that were made with secrets.</summary>
    public HashSet<string> SecretPlaces { get; init; } = [];

    public override bool HoldsSecret(string pointer) => SecretPlaces.Contains(pointer);

    public override ILogger Logger => NullLogger.Instance;

    public override ValueTask HeartbeatAsync(Payload? progress = null)
    {
        Interlocked.Increment(ref _heartbeats);
        return ValueTask.CompletedTask;
    }
}
