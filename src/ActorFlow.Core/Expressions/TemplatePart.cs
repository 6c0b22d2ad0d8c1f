using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions;

/// <summary>An expression and where it stands in its template.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the string it stands in; empty if the template is one string.</param>
/// <param name="Offset">The 0-based offset of the expression's text in that string.</param>
public readonly record struct ExpressionSite(Expression Expression, string Pointer, int Offset);

/// <summary>A stretch of a template's JSON: evaluated one after the other they are the value.</summary>
internal abstract record TemplatePart;

/// <summary>JSON as written.</summary>
internal sealed record JsonPart(ReadOnlyMemory<byte> Utf8) : TemplatePart;

/// <summary>A string that is nothing but one expression: its value.</summary>
internal sealed record ValuePart(Expression Expression) : TemplatePart;

/// <summary>A string with expressions in it: their values as text. <paramref name="Pointer"/> says where it stands.</summary>
internal sealed record TextPart(ImmutableArray<TextPiece> Pieces, string Pointer) : TemplatePart;

/// <summary>A piece of a text: an expression, or literal text.</summary>
internal readonly record struct TextPiece(string Literal, Expression? Expression);
