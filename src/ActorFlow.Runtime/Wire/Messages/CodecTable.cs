using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>The codecs of all that is sent or stored, by type and by manifest. No two share either.</summary>
internal sealed class CodecTable
{
    private readonly FrozenDictionary<Type, MessageCodec> _byType;
    private readonly FrozenDictionary<string, MessageCodec> _byManifest;

    /// <exception cref="InvalidOperationException">Two codecs are of one type, or have one manifest.</exception>
    public CodecTable(ImmutableArray<MessageCodec> codecs)
    {
        All = codecs;
        _byType = Index(codecs, codec => codec.Type);
        _byManifest = Index(codecs, codec => codec.Manifest);
    }

    /// <summary>What a node stores and sends.</summary>
    public static CodecTable OfNode { get; } = new(
    [
        new(Manifests.CommitBatch, typeof(CommitBatch), (batch, _) => JournalFormat.Write((CommitBatch)batch), (bytes, _) => JournalFormat.Read(bytes)),
        new(
            Manifests.WorkflowCheckpoint,
            typeof(WorkflowCheckpoint),
            (checkpoint, _) => CheckpointFormat.Write((WorkflowCheckpoint)checkpoint),
            (bytes, _) => CheckpointFormat.Read(bytes)),
        .. RunCodecs.All,
        .. SteeringCodecs.All,
        .. HistoryCodecs.All,
        .. QueueCodecs.All,
        .. RegistryCodecs.All,
        .. WatchCodecs.All,
    ]);

    /// <summary>All of them.</summary>
    public ImmutableArray<MessageCodec> All { get; }

    /// <summary>The codec for a message.</summary>
    public MessageCodec For(object message) => _byType.TryGetValue(message.GetType(), out var codec)
        ? codec
        : throw new ArgumentException($"{message.GetType().Name} has no form on the wire.", nameof(message));

    /// <summary>The codec of that name.</summary>
    public MessageCodec Named(string manifest) => _byManifest.TryGetValue(manifest, out var codec)
        ? codec
        : throw new ArgumentException($"No form of the name '{manifest}' is known. Was it written by a later version?", nameof(manifest));

    private static FrozenDictionary<TKey, MessageCodec> Index<TKey>(ImmutableArray<MessageCodec> codecs, Func<MessageCodec, TKey> key)
        where TKey : notnull
    {
        var index = new Dictionary<TKey, MessageCodec>();
        foreach (var codec in codecs)
        {
            if (!index.TryAdd(key(codec), codec))
            {
                throw new InvalidOperationException($"{key(codec)} has two codecs: {index[key(codec)].Manifest} of {index[key(codec)].Type} and {codec.Manifest} of {codec.Type}.");
            }
        }

        return index.ToFrozenDictionary();
    }
}
