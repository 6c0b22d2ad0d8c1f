using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell;

/// <summary>Tells what is wrong with JSON and where, without quoting it: System.Text.Json quotes all that follows, and counts from 0.</summary>
internal static class JsonFault
{
    private const int LongestQuote = 20;

    /// <summary>The fault in one short line.</summary>
    public static string Of(JsonException error)
    {
        var message = OneLine.Of(error.Message).Replace("Expected depth to be zero at the end of the JSON payload. There is an", "There is an", StringComparison.Ordinal);
        foreach (var end in (ReadOnlySpan<string>)[" LineNumber:", " Expected", " Change the reader options", " Path:"])
        {
            var index = message.IndexOf(end, StringComparison.Ordinal);
            message = index < 0 ? message : message[..index];
        }

        var verb = message.LastIndexOf("' is ", StringComparison.Ordinal);
        if (message.StartsWith('\'') && verb > LongestQuote)
        {
            message = $"'{TerminalText.Fit(message[1..verb], LongestQuote)}{message[verb..]}";
        }

        var place = error.LineNumber is { } line ? $" (line {line + 1}, column {error.BytePositionInLine + 1})" : "";
        return TerminalText.Fit(message.TrimEnd('.'), 200) + place;
    }
}
