using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions;

/// <summary>An expression and where it stands in its template.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the string it stands in; empty if the template is one string.</param>
/// <param name="Offset">The 0-based offset of the expression's text in that string.</param>
internal readonly record struct ExpressionSite(Expression Expression, string Pointer, int Offset);

/// <summary>A part of a template's JSON: the evaluated parts, joined in order, are the value.</summary>
internal abstract record TemplatePart;

/// <summary>JSON as written.</summary>
internal sealed record JsonPart(ReadOnlyMemory<byte> Utf8) : TemplatePart;

/// <summary>A string that is only one expression: it becomes the value of the expression.</summary>
internal sealed record ValuePart(Expression Expression) : TemplatePart;

/// <summary>A string with expressions in it: their values become text. <paramref name="Pointer"/> is the place of the string.</summary>
internal sealed record TextPart(ImmutableArray<TextPiece> Pieces, string Pointer) : TemplatePart;

/// <summary>A piece of a text: an expression, or literal text.</summary>
internal readonly record struct TextPiece(string Literal, Expression? Expression);
