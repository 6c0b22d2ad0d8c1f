using System.Text;

namespace ActorFlow.Shell;

/// <summary>Writes to a stream that may be closed or full. It is thread-safe if the stream is.</summary>
/// <param name="inner">The stream; null means that it is closed.</param>
/// <param name="failed">Called for each write that failed, with the cause; null means that the stream is closed. It may throw.</param>
internal sealed class GuardedWriter(TextWriter? inner, Action<Exception?> failed) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner?.Encoding ?? Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Try(value, static (writer, letter) => writer.Write(letter));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try((buffer, index, count), static (writer, part) => writer.Write(part.buffer, part.index, part.count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(value, static (writer, text) => writer.Write(text));

    /// <inheritdoc/>
    public override void WriteLine() => Try(0, static (writer, _) => writer.WriteLine());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(value, static (writer, text) => writer.WriteLine(text));

    /// <inheritdoc/>
    public override Task WriteAsync(char value) => Done(() => Write(value));

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => Done(() => Write(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync() => Done(WriteLine);

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => Done(() => WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(0, static (writer, _) => writer.Flush());

    /// <inheritdoc/>
    public override Task FlushAsync() => Done(Flush);

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        if (inner is null)
        {
            failed(null);
            return;
        }

        try
        {
            write(inner, value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failed(error);
        }
    }

    private static Task Done(Action write)
    {
        try
        {
            write();
            return Task.CompletedTask;
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }
}
