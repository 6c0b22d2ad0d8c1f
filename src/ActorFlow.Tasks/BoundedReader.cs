using System.Buffers;

namespace ActorFlow.Tasks;

/// <summary>Reads a stream to its end, or to a limit.</summary>
internal static class BoundedReader
{
    /// <summary>Reads until the end of the stream.</summary>
    /// <param name="stream">The stream to read.</param>
    /// <param name="into">Receives the bytes as they come, so that they are there even if the stream does not end.</param>
    /// <param name="onRead">Called after each piece.</param>
    /// <param name="cancellationToken">Ends the reading with an exception.</param>
    /// <returns>False if there is more than <see cref="BuiltInTasks.OutputLimit"/>.</returns>
    public static async Task<bool> ReadAsync(
        Stream stream, MemoryStream into, Func<ValueTask>? onRead, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (into.Length + count > BuiltInTasks.OutputLimit)
                {
                    return false;
                }

                lock (into)
                {
                    into.Write(buffer, 0, count);
                }

                if (onRead is not null)
                {
                    await onRead().ConfigureAwait(false);
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
