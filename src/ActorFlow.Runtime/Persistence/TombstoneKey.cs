using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// What a tombstone is found by: 16 bytes, however long the id. Ids that the engine made are 32 digits in the order of time, and are
/// their own key, so that tombstones are written side by side, at the end. Of any other id it is a zero and the beginning of its
/// SHA-256: those stand before all that time orders, and never share a key with them.
/// </summary>
internal static class TombstoneKey
{
    private static readonly string Prefix = PersistenceIds.Of(string.Empty);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The key of a run.</summary>
    public static Guid Of(string workflowId)
    {
        Span<byte> key = stackalloc byte[32];
        if (IsOwnKey(workflowId))
        {
            Convert.FromHexString(workflowId, key[..16], out _, out _);
        }
        else
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(workflowId), key);
            key[0] = 0;
        }

        return new(key[..16], bigEndian: true);
    }

    /// <summary>The key of the run whose journal has that id; of what is no run's, one that no run has.</summary>
    public static Guid OfJournal(string persistenceId) =>
        Of(persistenceId.StartsWith(Prefix, StringComparison.Ordinal) ? persistenceId[Prefix.Length..] : "/" + persistenceId);

    /// <summary>The key as bytes, in its order.</summary>
    public static byte[] ToBytes(this Guid key) => key.ToByteArray(bigEndian: true);

    private static bool IsOwnKey(string workflowId) =>
        workflowId.Length == 32 && !workflowId.StartsWith("00", StringComparison.Ordinal) && !workflowId.AsSpan().ContainsAnyExcept(Digits);
}
