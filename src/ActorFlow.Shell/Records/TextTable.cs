using ActorFlow.Core.Payloads;
using Spectre.Console;

namespace ActorFlow.Shell.Records;

/// <summary>Rows in columns as wide as their widest cell, two spaces apart; the last column is not padded.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row: a cell for each column, made one line each.</summary>
    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => OneLine.Of(cell ?? ""))]);

    /// <summary>Writes the table; a table without rows writes nothing.</summary>
    public async Task WriteAsync(TextWriter writer)
    {
        if (_rows.Count == 1)
        {
            return;
        }

        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].GetCellWidth())).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => column == row.Length - 1 ? cell : TerminalText.Padded(cell, widths[column]));
            await writer.WriteLineAsync(string.Join("  ", cells).TrimEnd()).ConfigureAwait(false);
        }
    }
}
