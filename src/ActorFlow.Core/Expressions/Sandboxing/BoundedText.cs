using System.Text;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Text that may grow up to <see cref="ExpressionLimits.StringLength"/>.</summary>
internal sealed class BoundedText
{
    private readonly StringBuilder _text = new();

    public void Append(string text)
    {
        if (_text.Length + text.Length > ExpressionLimits.StringLength)
        {
            throw TooLong();
        }

        _text.Append(text);
    }

    public override string ToString() => _text.ToString();

    public static ValueException TooLong() => new($"a string would be longer than {ExpressionLimits.StringLength} characters");
}
