using System.Collections.Frozen;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>The names an expression may use without declaring them.</summary>
internal static class LanguageNames
{
    public const string Tasks = "tasks";
    public const string Secrets = "secrets";

    /// <summary>The names of JavaScript: none that reads a clock, gives random numbers, waits, compiles text or reaches outside the engine.</summary>
    private static readonly FrozenSet<string> JavaScript = FrozenSet.Create(
        StringComparer.Ordinal,
        "undefined", "NaN", "Infinity",
        "Object", "Array", "String", "Number", "Boolean", "Symbol", "Math", "JSON", "RegExp", "Map", "Set",
        "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
        "parseInt", "parseFloat", "isNaN", "isFinite",
        "encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent");

    /// <summary>The global names of JavaScript.</summary>
    public static IEnumerable<string> Globals => JavaScript;

    public static bool IsJavaScript(string name) => JavaScript.Contains(name);

    /// <summary>The names of the run's data.</summary>
    public static IEnumerable<string> Data => ["input", Tasks, "item", "index", "iteration", "workflow", Secrets];

    /// <summary>The kind of a name of the run's data, else null; for tasks and secrets the next member decides.</summary>
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
