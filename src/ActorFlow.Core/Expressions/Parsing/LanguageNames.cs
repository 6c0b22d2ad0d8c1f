using System.Collections.Frozen;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>The names an expression may use without declaring them.</summary>
internal static class LanguageNames
{
    public const string Tasks = "tasks";
    public const string Secrets = "secrets";

    /// <summary>What JavaScript gives: nothing that reads a clock, rolls dice, waits, compiles text or reaches outside.</summary>
    private static readonly FrozenSet<string> JavaScript = FrozenSet.Create(
        StringComparer.Ordinal,
        "undefined", "NaN", "Infinity",
        "Object", "Array", "String", "Number", "Boolean", "Symbol", "Math", "JSON", "RegExp", "Map", "Set",
        "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
        "parseInt", "parseFloat", "isNaN", "isFinite",
        "encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent");

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Globals => JavaScript;

    public static bool IsJavaScript(string name) => JavaScript.Contains(name);

    /// <summary>The names of the run's data.</summary>
    public static IEnumerable<string> Data => ["input", Tasks, "item", "index", "iteration", "workflow", Secrets];

    /// <summary>The name as one of the run's data; tasks and secrets are read by what follows them.</summary>
    public static ReferenceKind? Find(string name) => name switch
    {
        "input" => ReferenceKind.Input,
        "item" => ReferenceKind.Item,
        "index" => ReferenceKind.Index,
        "iteration" => ReferenceKind.Iteration,
        "workflow" => ReferenceKind.Workflow,
        _ => null,
    };
}
