using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Runs;

/// <summary>The value of <c>--input</c>: JSON, <c>@file</c>, or <c>-</c> for standard input.</summary>
internal static class RunInput
{
    private const int Limit = 1 << 20;

    /// <summary>Reads the input.</summary>
    /// <param name="value">What the command line says.</param>
    /// <param name="stdin">Standard input.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="name">What the command line calls it.</param>
    /// <exception cref="CommandFailure">It is missing, over 1 MiB, or not one JSON value.</exception>
    public static async Task<Payload> ReadAsync(string value, TextReader stdin, CancellationToken cancellationToken, string name = "--input")
    {
        var (text, source) = value switch
        {
            "-" => (await stdin.ReadToEndAsync(cancellationToken).ConfigureAwait(false), "the input on standard input"),
            ['@', .. var file] => (await ReadFileAsync(file, cancellationToken).ConfigureAwait(false), file),
            _ => (value, $"the value of {name}"),
        };
        try
        {
            var payload = Payload.Parse(text);
            return payload.Length <= Limit ? payload : throw new CommandFailure($"{source} is larger than 1 MiB");
        }
        catch (JsonException error)
        {
            throw new CommandFailure($"{source} is not JSON: {JsonFault.Of(error)}", cause: error);
        }
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(file, 16 * Limit, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes.Span);
    }
}
