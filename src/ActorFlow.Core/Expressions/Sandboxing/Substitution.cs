using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>The <c>$</c> patterns of a replacement text (ECMAScript, GetSubstitution).</summary>
internal static class Substitution
{
    /// <param name="template">The replacement text.</param>
    /// <param name="match">The arguments of a replacing function: the match, its groups, position, text, and named groups if any.</param>
    public static string Expand(string template, JsValue[] match)
    {
        var names = match[^1].IsObject() ? match[^1] : null;
        var arguments = names is null ? match.AsSpan() : match.AsSpan(0, match.Length - 1);
        var found = new Found(
            TypeConverter.ToString(arguments[0]),
            arguments[1..^2].ToArray(),
            (int)TypeConverter.ToInteger(arguments[^2]),
            TypeConverter.ToString(arguments[^1]),
            names);
        var text = new BoundedText();
        for (var at = 0; at < template.Length;)
        {
            var dollar = template.IndexOf('$', at);
            if (dollar < 0 || dollar == template.Length - 1)
            {
                text.Append(template[at..]);
                break;
            }

            text.Append(template[at..dollar]);
            at = dollar + Pattern(template, dollar, found, text);
        }

        return text.ToString();
    }

    /// <summary>Appends the text that the pattern stands for, and returns the length of the pattern.</summary>
    private static int Pattern(string template, int dollar, Found found, BoundedText text)
    {
        switch (template[dollar + 1])
        {
            case '$':
                text.Append("$");
                return 2;
            case '&':
                text.Append(found.Match);
                return 2;
            case '`':
                text.Append(found.Text[..found.Position]);
                return 2;
            case '\'':
                text.Append(found.Text[Math.Min(found.Text.Length, found.Position + found.Match.Length)..]);
                return 2;
            case '<' when found.Names is { } names && template.IndexOf('>', dollar) is >= 0 and var end:
                AppendGroup(names.AsObject().Get(template[(dollar + 2)..end]), text);
                return end - dollar + 1;
            default:
                return Group(template, dollar, found, text);
        }
    }

    private static int Group(string template, int dollar, Found found, BoundedText text)
    {
        // Two digits if there is such a group, else one.
        for (var digits = Math.Min(2, template.Length - dollar - 1); digits > 0; digits--)
        {
            if (int.TryParse(template.AsSpan(dollar + 1, digits), System.Globalization.NumberStyles.None, null, out var group)
                && group >= 1 && group <= found.Groups.Length)
            {
                AppendGroup(found.Groups[group - 1], text);
                return digits + 1;
            }
        }

        text.Append("$");
        return 1;
    }

    private static void AppendGroup(JsValue group, BoundedText text)
    {
        if (!group.IsUndefined())
        {
            text.Append(TypeConverter.ToString(group));
        }
    }

    private sealed record Found(string Match, JsValue[] Groups, int Position, string Text, JsValue? Names);
}
