using System.Collections.Immutable;
using ActorFlow.Core.Expressions.Parsing;
using ActorFlow.Core.Expressions.Paths;
using ActorFlow.Core.Expressions.Sandboxing;
using Ast = Acornima.Ast;

namespace ActorFlow.Core.Expressions;

/// <summary>One JavaScript expression, parsed once. Immutable and safe to share between threads.</summary>
public sealed class Expression
{
    private Expression(string text, Ast.Expression syntax, NamesRead names)
    {
        Text = text;
        References = names.References;
        Tasks = names.Tasks;
        Calls = names.Calls;
        Faults = names.Faults;
        Path = DataPath.Of(syntax, names);
        Script = new PreparedScript(text, syntax);
    }

    /// <summary>The expression as written, without <c>${{ }}</c>, trimmed.</summary>
    public string Text { get; }

    /// <summary>Every name of the language that the expression refers to, in order of appearance.</summary>
    internal ImmutableArray<ExpressionReference> References { get; }

    /// <summary>The name of the secret, if the expression is only <c>secrets.NAME</c>; else null.</summary>
    internal string? Secret => References is [{ Kind: ReferenceKind.Secret, Name: var name }] ? name : null;

    /// <summary>Which parts of which tasks it reads.</summary>
    internal ImmutableArray<TaskRead> Tasks { get; }

    /// <summary>Whether it calls or defines a function: if not, no built-in function runs either.</summary>
    internal bool Calls { get; }

    /// <summary>Faults of an expression that can be evaluated nevertheless.</summary>
    internal ImmutableArray<ExpressionFault> Faults { get; }

    /// <summary>The expression as a plain path into the data, or null if it is no such path.</summary>
    internal DataPath? Path { get; }

    /// <summary>The expression prepared for the JavaScript engine.</summary>
    internal PreparedScript Script { get; }

    /// <summary>Parses one expression.</summary>
    /// <exception cref="ExpressionSyntaxException">The text is not exactly one JavaScript expression, or uses syntax that the language refuses.</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.AsSpan().Trim();
        var offset = trimmed.IsEmpty ? 0 : text.AsSpan().IndexOf(trimmed[0]);
        try
        {
            return Of(trimmed.ToString(), ExpressionSyntax.Parse(trimmed.ToString()));
        }
        catch (ExpressionSyntaxException e)
        {
            throw e.MovedBy(offset);
        }
    }

    /// <summary>The expression of a trimmed text and its syntax tree; it may still use syntax that the language refuses.</summary>
    internal static Expression Of(string text, Ast.Expression syntax) => new(text, syntax, NameReader.Read(syntax));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
