using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ActorFlow.Node.Security;

/// <summary>The text of an API key: <c>af_</c>, its id in 16 hexadecimal digits, <c>_</c>, and 256 bits of secret in 64 of them.</summary>
/// <param name="Id">The id, which is no secret.</param>
/// <param name="Hash">The SHA-256 of the secret: all that is kept of it.</param>
internal readonly record struct ApiKeyText(string Id, byte[] Hash)
{
    /// <summary>What the text of a key begins with.</summary>
    public const string Prefix = "af_";

    private const int IdLength = 16;
    private const int SecretLength = 64;
    private const int Length = 3 + IdLength + 1 + SecretLength;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes a new key.</summary>
    /// <param name="text">Its text, which is shown once.</param>
    public static ApiKeyText New(out string text)
    {
        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        var secret = RandomNumberGenerator.GetHexString(SecretLength, lowercase: true);
        text = $"{Prefix}{id}_{secret}";
        return new(id, HashOf(secret));
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">Whatever a caller sent.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether the text has the form of a key.</returns>
    public static bool TryRead([NotNullWhen(true)] string? text, out ApiKeyText key)
    {
        key = default;
        if (text is null || text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        var id = text.AsSpan(Prefix.Length, IdLength);
        var secret = text.AsSpan(Prefix.Length + IdLength + 1);
        if (id.ContainsAnyExcept(Digits) || secret.ContainsAnyExcept(Digits))
        {
            return false;
        }

        key = new(id.ToString(), HashOf(secret));
        return true;
    }

    /// <summary>Whether this is the key of that hash; how long it takes tells nothing.</summary>
    public bool Fits(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash, hash);

    // 256 random bits are not guessed: a slow hash would only make every call slow (failure rule 92).
    private static byte[] HashOf(ReadOnlySpan<char> secret)
    {
        Span<byte> ascii = stackalloc byte[SecretLength];
        Encoding.ASCII.GetBytes(secret, ascii);
        return SHA256.HashData(ascii);
    }
}
