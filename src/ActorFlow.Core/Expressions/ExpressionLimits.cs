namespace ActorFlow.Core.Expressions;

/// <summary>
/// The limits of an expression. All but <see cref="Time"/> depend on the expression and its data alone, so that
/// it passes or fails alike on every node.
/// </summary>
internal static class ExpressionLimits
{
    /// <summary>The length of one expression's text in UTF-16 units.</summary>
    public const int TextLength = 16 * 1024;

    /// <summary>How deep an expression's syntax may nest: each operand, argument and member access is a level.</summary>
    public const int SyntaxDepth = 200;

    /// <summary>How many <c>}}</c> are tried as the end of one expression.</summary>
    public const int EndsTried = 200;

    /// <summary>JavaScript statements of one evaluation.</summary>
    public const int Statements = 100_000;

    /// <summary>The depth of JavaScript calls.</summary>
    public const int Recursion = 64;

    /// <summary>Bytes allocated by the JavaScript of one expression, its data not counted.</summary>
    public const long Memory = 32 * 1024 * 1024;

    /// <summary>The length of a JavaScript array.</summary>
    public const uint ArrayLength = 1_000_000;

    /// <summary>The length in UTF-16 units of a JavaScript string that one call makes.</summary>
    public const int StringLength = 4 * 1024 * 1024;

    /// <summary>Bytes of JSON that one evaluated expression may come to; a plain path copies data of any size.</summary>
    public const int ResultLength = 4 * 1024 * 1024;

    /// <summary>Bytes of JSON that one evaluated template may come to: as many as the state of a run may have.</summary>
    public const int TemplateLength = 32 * 1024 * 1024;

    /// <summary>How deep an evaluated expression's objects and arrays may nest, as in any payload.</summary>
    public const int ResultDepth = JsonDepth.Limit;

    /// <summary>The length of an error's message in UTF-16 units.</summary>
    public const int MessageLength = 600;

    /// <summary>The time that all JavaScript of one template may take, in case it stays within every other limit. What takes longer is tried once more. Long enough for
    /// a normal expression on an overloaded machine: an excessive one exceeds another limit first.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>The time that one use of a regular expression may take.</summary>
    public static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(500);
}
