using System.Security.Cryptography;
using System.Text;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// What a tombstone is found by: 16 bytes, however long the id. Ids that the engine made are 32 digits in the order of time, and are
/// their own key, so that tombstones are written side by side; of any other id it is the beginning of its SHA-256.
/// </summary>
internal static class TombstoneKey
{
    private static readonly string Prefix = PersistenceIds.Of(string.Empty);

    /// <summary>The key of a run.</summary>
    public static Guid Of(string workflowId)
    {
        Span<byte> key = stackalloc byte[32];
        if (workflowId.Length != 32 || Convert.FromHexString(workflowId, key[..16], out _, out _) != System.Buffers.OperationStatus.Done)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(workflowId), key);
        }

        return new(key[..16], bigEndian: true);
    }

    /// <summary>The key of the run whose journal has that id; of what is no run's, one that no run has.</summary>
    public static Guid OfJournal(string persistenceId) =>
        Of(persistenceId.StartsWith(Prefix, StringComparison.Ordinal) ? persistenceId[Prefix.Length..] : "/" + persistenceId);

    /// <summary>The key as bytes, in its order.</summary>
    public static byte[] ToBytes(this Guid key) => key.ToByteArray(bigEndian: true);
}
