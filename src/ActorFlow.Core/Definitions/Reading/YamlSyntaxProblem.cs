using ActorFlow.Core.Payloads;
using YamlDotNet.Core;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>A syntax error of the YAML parser, with a hint at its commonest cause: an expression without quotes.</summary>
internal static class YamlSyntaxProblem
{
    private static readonly string[] LineEnds = ["\r\n", "\r", "\n"];

    public static DefinitionProblem From(YamlException error, string text)
    {
        var position = new SourcePosition(Math.Max(1, (int)error.Start.Line), Math.Max(1, (int)error.Start.Column));
        var end = SourceText.PositionOf(text, text.Length);
        position = position.CompareTo(end) > 0 ? end : position;
        var lines = text.Split(LineEnds, StringSplitOptions.None);
        var line = lines[position.Line - 1];
        if (line.IndexOf("${{", StringComparison.Ordinal) is var open && open >= 0)
        {
            return new(DefinitionCodes.UnquotedExpression, $"YAML cannot read {Excerpt.Of(line[open..].Trim())}; put this in quotes")
            {
                Position = new(position.Line, open + 1),
            };
        }

        if (error.Message.Contains("tab", StringComparison.Ordinal) && TabIndent(lines, position.Line) is { } tab)
        {
            return new(DefinitionCodes.Syntax, "not YAML: indent with spaces, not tabs") { Position = tab };
        }

        return new(DefinitionCodes.Syntax, $"not YAML: {Decapitalize(OneLine.Of(error.Message)).TrimEnd('.')}") { Position = position };
    }

    /// <summary>The first tab that indents a line, from that line on; the parser gives the position where the mapping began.</summary>
    private static SourcePosition? TabIndent(string[] lines, int from)
    {
        for (var number = from; number <= lines.Length; number++)
        {
            var line = lines[number - 1].AsSpan();
            var indent = line.IndexOfAnyExcept(' ');
            if (indent >= 0 && line[indent] == '\t')
            {
                return new(number, indent + 1);
            }
        }

        return null;
    }

    private static string Decapitalize(string text) =>
        text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
