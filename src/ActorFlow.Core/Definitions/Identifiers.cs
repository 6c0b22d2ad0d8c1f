using System.Globalization;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Definitions;

/// <summary>The forms that names take.</summary>
internal static class Identifiers
{
    /// <summary>The longest workflow name, task id or case label.</summary>
    public const int MaxLength = 100;

    /// <summary>The longest name of a handler, a queue, a signal or an error type.</summary>
    public const int MaxHandlerLength = 200;

    /// <summary>Whether the text is a workflow name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</summary>
    public static bool IsWorkflowName(string text) =>
        text.Length is > 0 and <= MaxLength
        && (char.IsAsciiLetterLower(text[0]) || char.IsAsciiDigit(text[0]))
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    /// <summary>Whether the text is a task id or case label: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>.</summary>
    public static bool IsTaskId(string text) =>
        text.Length is > 0 and <= MaxLength
        && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Whether the text can name a handler, a queue, a signal or an error type: 1 to 200 characters without blanks.</summary>
    public static bool IsHandlerName(string text) =>
        text.Length is > 0 and <= MaxHandlerLength && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Reads the name of a definition, as <c>order</c> or <c>order@3</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name.</param>
    /// <param name="version">The version; null means that none is named.</param>
    public static bool TryReadDefinition(string text, out string name, out int? version)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        (name, version) = (at < 0 ? text : text[..at], null);
        if (at >= 0)
        {
            if (!int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                return false;
            }

            version = number;
        }

        return IsWorkflowName(name);
    }

    /// <summary>
    /// Whether a run may be started under the text: 1 to 200 of <c>[A-Za-z0-9._~-]</c>, but not <c>.</c> or <c>..</c>, which vanish in addresses.
    /// </summary>
    public static bool IsRunId(string text) => text is not ("." or "..") && IsRunId(text, slashes: false);

    /// <summary>Whether the text can be the id of a run: as <see cref="IsRunId(string)"/>, with <c>/</c> between parent and child.</summary>
    public static bool IsRunOrChildId(string text) => IsRunId(text, slashes: true);

    private static bool IsRunId(string text, bool slashes) =>
        text.Length is > 0 and <= Limits.IdLength
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '-' || (slashes && c == '/'));
}
