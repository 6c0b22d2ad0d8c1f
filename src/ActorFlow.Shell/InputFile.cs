using ActorFlow.Core.Payloads;
namespace ActorFlow.Shell;

/// <summary>Reads a file that a command was given; a failure tells in one line why it cannot be read.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file, without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="hint">What to do if there is no such file; null means that there is no hint.</param>
    /// <exception cref="CommandFailure">The file is missing, not a file, unreadable, or too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, long limit, CancellationToken cancellationToken, string? hint = null)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new CommandFailure($"'{path}' names no file; name the file to read");
        }

        if (Directory.Exists(path))
        {
            throw new CommandFailure($"{path} is a directory; name a file in it");
        }

        try
        {
            await using var stream = File.OpenRead(path);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > limit)
                {
                    throw new CommandFailure($"{path} is larger than the {limit:N0} bytes allowed");
                }
            }

            return WithoutByteOrderMark(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            var where = Path.IsPathRooted(path) ? "" : $" in {Directory.GetCurrentDirectory()}";
            throw new CommandFailure($"there is no file {OneLine.Of(path)}{where}{(hint is null ? "" : $"; {hint}")}", cause: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailure($"cannot read {path}: {OneLine.Of(error.Message)}", cause: error);
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
}
