using Acornima.Ast;
using Jint;

namespace ActorFlow.Core.Expressions;

/// <summary>An expression as the engine runs it, prepared when first needed: most are plain paths and never are.</summary>
internal sealed class PreparedScript(string text)
{
    private static readonly ScriptPreparationOptions Options = new()
    {
        // A constant is folded when it is evaluated, inside the limits, or not at all.
        FoldConstants = false,
        ParsingOptions = new() { CompileRegex = false, RegexTimeout = ExpressionLimits.RegexTime },
    };

    // Parentheses make `{ a: 1 }` an object; the line break ends a trailing `// comment`.
    private readonly Lazy<Prepared<Script>> _script = new(() => Engine.PrepareScript($"({text}\n)", strict: true, options: Options));

    public Prepared<Script> Value => _script.Value;
}
