using System.Buffers;
using System.Collections.Immutable;
using ActorFlow.Core.Expressions.Paths;
using ActorFlow.Core.Expressions.Sandboxing;
using ActorFlow.Core.Payloads;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions;

/// <summary>One evaluation of one template.</summary>
internal sealed class TemplateEvaluation(IExpressionScope scope, string origin)
{
    private Sandbox? _sandbox;

    public TemplateResult Evaluate(ImmutableArray<TemplatePart> parts)
    {
        switch (parts)
        {
            case [ValuePart only]:
                return new(Value(only.Expression) ?? Payload.Null, []);
            case [JsonPart { Utf8.Length: <= ExpressionLimits.TemplateLength } only]:
                return new(Payload.FromTrustedUtf8(only.Utf8), []);
            default:
                return Join(parts);
        }
    }

    private TemplateResult Join(ImmutableArray<TemplatePart> parts)
    {
        using var scratch = JsonScratch.Rent();
        var json = scratch.Buffer;
        ImmutableArray<SecretSlot>.Builder? secrets = null;
        foreach (var part in parts)
        {
            switch (part)
            {
                case JsonPart literal:
                    json.Write(literal.Utf8.Span);
                    break;
                case ValuePart value:
                    json.Write((Value(value.Expression) ?? Payload.Null).Utf8.Span);
                    break;
                case TextPart text:
                    json.Write(Payload.FromString(Text(text, ref secrets)).Utf8.Span);
                    break;
            }

            if (json.WrittenCount > ExpressionLimits.TemplateLength)
            {
                throw new ExpressionException($"{origin}: the value is longer than {ExpressionLimits.TemplateLength} bytes");
            }
        }

        return new(Payload.FromTrustedUtf8(json.WrittenSpan.ToArray()), secrets?.DrainToImmutable() ?? []);
    }

    public bool IsTrue(Expression expression)
    {
        try
        {
            return TryPath(expression, out var value) ? Truth.Of(value) : TypeConverter.ToBoolean(Run(expression));
        }
        catch (ValueException e)
        {
            throw Failed(expression, e);
        }
    }

    /// <summary>The value of the expression; null means <c>undefined</c>.</summary>
    private Payload? Value(Expression expression)
    {
        try
        {
            return TryPath(expression, out var value) ? value : JavaScriptToJson.Convert(Run(expression));
        }
        catch (ValueException e)
        {
            throw Failed(expression, e);
        }
    }

    private bool TryPath(Expression expression, out Payload? value)
    {
        value = null;
        return expression.Path is { } path && PathEvaluation.TryEvaluate(path, scope, out value);
    }

    private Jint.Native.JsValue Run(Expression expression) => (_sandbox ??= new(scope)).Evaluate(expression);

    private string Text(TextPart part, ref ImmutableArray<SecretSlot>.Builder? secrets)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (literal, expression) in part.Pieces)
        {
            if (expression is null)
            {
                text.Append(literal);
            }
            else if (expression.Secret is { } name)
            {
                (secrets ??= ImmutableArray.CreateBuilder<SecretSlot>()).Add(new(part.Pointer, text.Length, name));
            }
            else
            {
                text.Append(AsText.Of(Value(expression)));
            }

            if (text.Length > ExpressionLimits.TemplateLength)
            {
                throw new ExpressionException($"{origin}: the text is longer than {ExpressionLimits.TemplateLength} bytes");
            }
        }

        return text.ToString();
    }

    private ExpressionException Failed(Expression expression, ValueException failure) => new(
        $"{OneLine.Of(origin, 150)}: {OneLine.Of(failure.Message, 250).TrimEnd('.', ' ')} in ${{{{ {OneLine.Of(expression.Text, 150)} }}}}")
    {
        Type = failure.Type,
    };
}
