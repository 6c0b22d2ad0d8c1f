using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary><c>JSON.stringify</c> within bounds, and without a replacer.</summary>
internal static class BoundedStringify
{
    public static JsValue Call(JsValue self, JsValue[] arguments)
    {
        if (arguments.At(1) is var replacer && !replacer.IsNull() && !replacer.IsUndefined())
        {
            throw new ValueException("JSON.stringify takes no replacer in an expression");
        }

        return JavaScriptToJson.Stringify(arguments.At(0), Indent(arguments.At(2))) is { } json ? JsString.Create(json) : JsValue.Undefined;
    }

    private static int Indent(JsValue space) => space switch
    {
        JsNumber => (int)Math.Clamp(TypeConverter.ToInteger(space), 0, 10),
        JsString when space.ToString() is { Length: <= 10 } text && text.Trim(' ').Length == 0 => text.Length,
        JsUndefined or JsNull => 0,
        _ => throw new ValueException("JSON.stringify indents by a number of spaces in an expression"),
    };
}
