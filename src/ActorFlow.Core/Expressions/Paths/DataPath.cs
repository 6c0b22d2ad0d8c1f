using Acornima.Ast;
using ActorFlow.Core.Expressions.Parsing;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>
/// An expression that only follows members into the data, such as <c>tasks.a.output?.items[0]</c>. It is evaluated on the JSON
/// itself: exact to the digit, and without a JavaScript engine.
/// </summary>
internal sealed record DataPath(ReferenceKind Root, string? TaskId, PathStep[] Steps)
{
    /// <summary>The path, if <paramref name="syntax"/> is one.</summary>
    public static DataPath? Of(Acornima.Ast.Expression syntax, NamesRead names)
    {
        var steps = new List<PathStep>();
        Node node = syntax is ChainExpression { Expression: var chain } ? chain : syntax;
        while (node is MemberExpression member)
        {
            if (Key(member) is not { } key)
            {
                return null;
            }

            steps.Add(new(key, PathStep.IndexOf(key), member.Optional));
            node = member.Object;
        }

        // Every other name was refused, or is a name of JavaScript.
        if (node is not Identifier || names.References is not [{ Kind: not ReferenceKind.Secret } root])
        {
            return null;
        }

        steps.Reverse();
        return new(root.Kind, root.Name, root.Kind == ReferenceKind.Task ? [.. steps.Skip(1)] : [.. steps]);
    }

    private static string? Key(MemberExpression member) =>
        member is { Computed: true, Property: NumericLiteral { Value: >= 0 and < int.MaxValue and var number } } && number == Math.Floor(number)
            ? ((int)number).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : NameReader.LiteralKey(member);
}

/// <summary>One step of a path.</summary>
/// <param name="Key">The property's name.</param>
/// <param name="Index">The key as an array index, or -1 if it is not one.</param>
/// <param name="Optional">Whether the step is written with <c>?.</c>.</param>
internal readonly record struct PathStep(string Key, int Index, bool Optional)
{
    /// <summary>The array index that <paramref name="key"/> is the canonical text of, or -1.</summary>
    public static int IndexOf(string key) =>
        key is "0" || (key is [>= '1' and <= '9', ..] && key.Length < 10 && key.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            ? int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)
            : -1;
}
