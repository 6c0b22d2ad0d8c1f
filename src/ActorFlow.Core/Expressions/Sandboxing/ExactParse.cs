using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary><c>JSON.parse</c>, which keeps numbers that JavaScript does not hold.</summary>
internal sealed class ExactParse(Engine engine, JsonToJavaScript json)
{
    /// <summary>A number of fewer digits, and without an exponent, is held exactly.</summary>
    private const int DigitsHeld = 15;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public JsValue Call(Function native, JsValue self, JsValue[] arguments)
    {
        var text = TypeConverter.ToString(arguments.At(0));

        // The native function gives the error of an invalid text, in a form that an expression can catch.
        var parsed = engine.Call(native, self, [JsString.Create(text), arguments.At(1)]);
        if (!MayHoldLargeNumber(text))
        {
            return parsed;
        }

        return arguments.At(1).IsUndefined()
            ? json.Convert(Strict.GetBytes(text))
            : throw new ValueException("JSON.parse takes no reviver for numbers that JavaScript may not hold exactly");
    }

    private static bool MayHoldLargeNumber(string text)
    {
        var digits = 0;
        foreach (var c in text)
        {
            digits = char.IsAsciiDigit(c) ? digits + 1 : c == '.' ? digits : c is 'e' or 'E' && digits > 0 ? DigitsHeld + 1 : 0;
            if (digits > DigitsHeld)
            {
                return true;
            }
        }

        return false;
    }
}
