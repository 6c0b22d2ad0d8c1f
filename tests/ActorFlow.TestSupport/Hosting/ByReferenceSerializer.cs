using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Serialization;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>
/// Replaces the default serializer where a test serializes every message: Akka's own messages without a serialized form
/// pass by reference, within the process; an ActorFlow message without one fails.
/// </summary>
internal sealed class ByReferenceSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private static readonly ConcurrentDictionary<long, object> Passing = new();
    private static long _last;

    /// <inheritdoc/>
    public override int Identifier => 7499;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        if (obj.GetType().Assembly.GetName().Name!.StartsWith("ActorFlow.", StringComparison.Ordinal))
        {
            throw new ArgumentException($"{obj.GetType().Name} has no form on the wire.", nameof(obj));
        }

        var number = Interlocked.Increment(ref _last);
        Passing[number] = obj;
        return BitConverter.GetBytes(number);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => Passing.TryRemove(BitConverter.ToInt64(bytes), out var passed)
        ? passed
        : throw new ArgumentException("The message has passed already, or comes from another process.", nameof(bytes));
}
