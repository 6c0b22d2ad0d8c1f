using Acornima.Ast;
using ActorFlow.Core.Expressions.Parsing;
using Jint;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>An expression as the engine runs it, prepared when it is first needed: most expressions are plain paths and never need it.</summary>
internal sealed class PreparedScript(string text, Acornima.Ast.Expression syntax)
{
    private static readonly ScriptPreparationOptions Options = new()
    {
        // A constant is folded when it is evaluated, inside the limits, or not at all.
        FoldConstants = false,
        ParsingOptions = new() { CompileRegex = false, RegexTimeout = ExpressionLimits.RegexTime },
    };

    private readonly Lazy<Prepared<Script>> _script =
        new(() => Engine.PrepareScript(CheckedSource.Of(text, syntax), strict: true, options: Options));

    public Prepared<Script> Value => _script.Value;
}
