using System.Globalization;
using System.Numerics;
using System.Text;
using Acornima.Ast;
using ActorFlow.Core.Expressions.Sandboxing;
using ActorFlow.Core.Payloads;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Numbers written in an expression: those that JavaScript cannot hold are kept exactly, like those of the data.</summary>
internal static class LargeNumbers
{
    /// <summary>Gives the number of its text. No expression can declare the name.</summary>
    public const string Literal = "__exact";

    /// <summary>Gives its argument, or a number for one that is kept exactly: the operand of <c>typeof</c>.</summary>
    public const string Type = "__typeof";

    public static void Install(Engine engine, ExactNumbers numbers)
    {
        engine.SetValue(Literal, new ClrFunction(engine, Literal, (_, arguments) =>
            numbers.Of(arguments.At(0).ToString().Replace("_", "", StringComparison.Ordinal))));
        engine.SetValue(Type, new ClrFunction(engine, Type, static (_, arguments) =>
            arguments.At(0) is ExactNumber ? JsNumber.Create(1) : arguments.At(0)));
    }

    /// <summary>Whether the literal is a whole number, written in digits, larger than JavaScript holds exactly.</summary>
    public static bool IsWhole(NumericLiteral literal) => literal.Value > JavaScriptNumber.MaxWhole && Digits(literal).All(char.IsAsciiDigit);

    /// <summary>Whether JavaScript reads the literal as another number; that decimals are rounded is expected.</summary>
    public static bool IsChanged(NumericLiteral literal)
    {
        if (literal.Value <= JavaScriptNumber.MaxWhole)
        {
            return false;
        }

        if (!double.IsFinite(literal.Value))
        {
            return true;
        }

        var whole = new BigInteger(literal.Value);
        var digits = Digits(literal);
        if (digits is ['0', 'x' or 'X' or 'o' or 'O' or 'b' or 'B', ..])
        {
            return OfBase(digits) != whole;
        }

        var text = Encoding.ASCII.GetBytes(digits);
        return !JavaScriptNumber.IsTextOf(literal.Value, text)
            && !JsonNumber.Of(Encoding.ASCII.GetBytes(whole.ToString(CultureInfo.InvariantCulture))).Equals(JsonNumber.Of(text));
    }

    private static string Digits(NumericLiteral literal) => literal.Raw.Replace("_", "", StringComparison.Ordinal);

    private static BigInteger OfBase(string digits)
    {
        var radix = char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
        return digits.Skip(2).Aggregate(BigInteger.Zero, (value, digit) => (value * radix) + Convert.ToInt32(digit.ToString(), 16));
    }
}
