using System.Text;
using System.Text.Json;

namespace ActorFlow.Shell.Runs;

/// <summary>The value of <c>--input</c>: JSON, <c>@file</c>, or <c>-</c> for standard input.</summary>
internal static class RunInput
{
    private const int Limit = 1 << 20;

    /// <summary>Reads the input.</summary>
    /// <param name="value">The value on the command line.</param>
    /// <param name="stdin">Standard input.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="name">The name of the option or argument.</param>
    /// <exception cref="CommandFailure">The input is missing, over 1 MiB, or not one JSON value.</exception>
    public static async Task<Payload> ReadAsync(string value, TextReader stdin, CancellationToken cancellationToken, string name = "--input")
    {
        if (value is ['@', .. var file])
        {
            var bytes = await InputFile.ReadAsync(file, 16 * Limit, cancellationToken).ConfigureAwait(false);
            return Parse(() => Payload.Parse(bytes.Span), file);
        }

        if (value != "-")
        {
            return Parse(() => Payload.Parse(value), $"the value of {name}");
        }

        const string Source = "the input on standard input";
        try
        {
            var text = await stdin.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return Parse(() => Payload.Parse(text), Source);
        }
        catch (DecoderFallbackException error)
        {
            throw new CommandFailure($"{Source} is not UTF-8 text", cause: error);
        }
    }

    private static Payload Parse(Func<Payload> read, string source)
    {
        try
        {
            var payload = read();
            return payload.Length <= Limit ? payload : throw new CommandFailure($"{source} is larger than 1 MiB");
        }
        catch (JsonTooDeepException error)
        {
            throw new CommandFailure($"{source} nests deeper than {JsonDepth.Limit} levels", cause: error);
        }
        catch (JsonException error)
        {
            throw new CommandFailure($"{source} is not JSON: {JsonFault.Of(error)}", cause: error);
        }
    }
}
