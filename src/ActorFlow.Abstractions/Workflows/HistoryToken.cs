using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow;

/// <summary>
/// A place in the history of a run, written <c>runId.row.index</c>: behind that event. The default is the beginning of the history.
/// </summary>
/// <param name="RunId">The id of the start of the run that the event belongs to.</param>
/// <param name="Row">The number of the journal row, from 1; 0 means the beginning.</param>
/// <param name="Index">The number of the event within its row, from 0.</param>
[JsonConverter(typeof(HistoryTokenConverter))]
public readonly record struct HistoryToken(Guid RunId, long Row, int Index) : IComparable<HistoryToken>
{
    /// <summary>The beginning of the history.</summary>
    public static HistoryToken Start => default;

    /// <summary>Reads a token.</summary>
    /// <param name="text">The text; null means that there is none.</param>
    /// <param name="token">The token.</param>
    /// <returns>Whether the text is a token.</returns>
    public static bool TryParse(string? text, out HistoryToken token)
    {
        token = default;
        var parts = (text ?? string.Empty).Split('.');
        if (parts.Length != 3
            || !Guid.TryParseExact(parts[0], "n", out var runId)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        token = new(runId, row, index);
        return true;
    }

    /// <summary>Compares places of one journal: by row, then by index.</summary>
    /// <param name="other">The other place.</param>
    public int CompareTo(HistoryToken other) => (Row, Index).CompareTo((other.Row, other.Index));

    /// <summary><c>runId.row.index</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RunId:n}.{Row}.{Index}");
}

internal sealed class HistoryTokenConverter : JsonConverter<HistoryToken>
{
    public override HistoryToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && HistoryToken.TryParse(reader.GetString(), out var token)
            ? token
            : throw new JsonException("A place in a history is written runId.row.index.");

    public override void Write(Utf8JsonWriter writer, HistoryToken value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
