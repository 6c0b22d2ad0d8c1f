using ActorFlow.Runtime.Wire.Messages;
using Akka.Actor;
using Akka.Serialization;

namespace ActorFlow.Runtime.Wire;

/// <summary>The one serializer of ActorFlow's messages and events: short versioned manifests, Protobuf messages, no type names.</summary>
/// <param name="system">The ActorSystem whose actors messages refer to.</param>
internal sealed class ActorFlowSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly CodecTable Codecs = CodecTable.OfNode;

    private readonly ActorReferences _references = new(system);

    /// <summary>Every type that has a form on the wire or in the journal.</summary>
    public static IEnumerable<Type> Types => Codecs.All.Select(codec => codec.Type);

    /// <summary>Stored beside every event: never changes.</summary>
    public override int Identifier => 7401;

    /// <inheritdoc/>
    public override string Manifest(object o) => Codecs.For(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => Codecs.For(obj).Write(obj, _references);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => Codecs.Named(manifest).Read(bytes, _references);
}
