using System.Buffers;
using System.Text;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Secrets from a directory with a file for each, as Kubernetes and Docker mount them: <c>secrets.db-password</c> is the file <c>db-password</c>. A file
/// is read each time its secret is used, so that a changed one counts at once.
/// </summary>
/// <param name="directory">The directory.</param>
internal sealed class FileSecrets(string directory) : ISecretSource
{
    /// <summary>The error of a secret that is there and cannot be read; it is tried again.</summary>
    public const string Unreadable = "SecretUnreadable";

    /// <summary>The largest file, in bytes: that of Kubernetes.</summary>
    public const int Largest = 1 << 20;

    private const int LongestName = 253;
    private const int SmallBuffer = 512;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    /// <exception cref="TaskFailure">The file is there, and cannot be read or is no text.</exception>
    public async ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return null;
        }

        var path = Path.Combine(directory, name);
        try
        {
            // A directory cannot be opened as a file, and is no secret.
            return Directory.Exists(path) ? null : Text(await ReadAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (DecoderFallbackException)
        {
            throw new TaskFailure(Unreadable, $"The file of the secret '{name}' is not UTF-8 text.", retryable: false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new TaskFailure(Unreadable, $"The file of the secret '{name}' cannot be read: {failed.Message}", retryable: true);
        }
    }

    // Nothing that leads out of the directory; names with a dot before them are Kubernetes' own.
    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name[0] != '.' && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            var bytes = new byte[Math.Clamp((file.CanSeek ? file.Length : 0) + 1, SmallBuffer, Largest + 1)];
            var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read == bytes.Length && read <= Largest)
            {
                // It is longer than it says: it grows, or does not know its length.
                Array.Resize(ref bytes, Largest + 1);
                read += await file.ReadAtLeastAsync(bytes.AsMemory(read), bytes.Length - read, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            }

            return read <= Largest ? bytes[..read] : throw new IOException($"it is larger than {Largest >> 20} MiB.");
        }
    }

    // Editors and echo end a file with a line break that nobody means.
    private static string Text(byte[] bytes)
    {
        var text = Strict.GetString(bytes);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }
}

/// <summary>Several sources: the first that knows a secret counts.</summary>
/// <param name="sources">The sources.</param>
internal sealed class SecretSources(params ISecretSource[] sources) : ISecretSource
{
    /// <summary>The sources of a worker: its directory if it has one, then its environment.</summary>
    public static ISecretSource Of(WorkerOptions options) => options.SecretsDirectory.Length > 0
        ? new SecretSources(new FileSecrets(options.SecretsDirectory), new EnvironmentSecrets())
        : new EnvironmentSecrets();

    /// <inheritdoc/>
    public async ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
