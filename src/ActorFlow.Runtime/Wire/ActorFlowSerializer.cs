using ActorFlow.Runtime.Checkpoints;
using Akka.Actor;
using Akka.Serialization;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// The one serializer of ActorFlow's messages and events: short versioned manifests, Protobuf executions, no type names.
/// </summary>
public sealed class ActorFlowSerializer : SerializerWithStringManifest
{
    private readonly RunMessages _runs;
    private readonly QueueMessages _queues;

    /// <summary>Makes the serializer of one ActorSystem.</summary>
    public ActorFlowSerializer(ExtendedActorSystem system)
        : base(system)
    {
        var references = new ActorReferences(system);
        _runs = new();
        _queues = new(references);
    }

    /// <summary>Every type that has a form on the wire or in the journal.</summary>
    public static IEnumerable<Type> Types => Manifests.ByType.Keys;

    /// <summary>Stored beside every event: never changes.</summary>
    public override int Identifier => 7401;

    /// <inheritdoc/>
    public override string Manifest(object o) => Manifests.ByType.TryGetValue(o.GetType(), out var manifest)
        ? manifest
        : throw new ArgumentException($"{o.GetType().Name} has no form on the wire.", nameof(o));

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj switch
    {
        CommitBatch batch => JournalFormat.Write(batch),
        WorkflowCheckpoint checkpoint => CheckpointFormat.Write(checkpoint),
        _ => _runs.TryWrite(obj)
            ?? _queues.TryWrite(obj)
            ?? SteeringMessages.TryWrite(obj)
            ?? HistoryMessages.TryWrite(obj)
            ?? RegistryMessages.TryWrite(obj)
            ?? throw new ArgumentException($"{obj.GetType().Name} has no form on the wire.", nameof(obj)),
    };

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Manifests.CommitBatch => JournalFormat.Read(bytes),
        Manifests.WorkflowCheckpoint => CheckpointFormat.Read(bytes),
        _ => _runs.TryRead(manifest, bytes)
            ?? _queues.TryRead(manifest, bytes)
            ?? SteeringMessages.TryRead(manifest, bytes)
            ?? HistoryMessages.TryRead(manifest, bytes)
            ?? RegistryMessages.TryRead(manifest, bytes)
            ?? throw new ArgumentException($"No form of the name '{manifest}' is known. Was it written by a later version?", nameof(manifest)),
    };
}
