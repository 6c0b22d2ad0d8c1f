using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// <c>replace</c> and <c>replaceAll</c> with the replacement as a function that counts its output: a short
/// pattern in a long text could otherwise make gigabytes in one call.
/// </summary>
internal sealed class BoundedReplace(Engine engine)
{
    public JsValue Call(Function native, JsValue self, JsValue[] arguments)
    {
        if (arguments.Length < 2 || IsShort(self, arguments[1]))
        {
            return engine.Call(native, self, arguments);
        }

        var replace = arguments[1] is Function function ? Called(function) : Expanded(TypeConverter.ToString(arguments[1]));
        var made = 0;
        var counting = new ClrFunction(engine, "replace", (_, match) =>
        {
            var text = replace(match);
            made += text.Length;
            return made > ExpressionLimits.StringLength ? throw BoundedText.TooLong() : JsString.Create(text);
        });
        return engine.Call(native, self, [arguments[0], counting]);
    }

    /// <summary>Whether even a replacement at every place stays within the limit, as in most calls.</summary>
    private static bool IsShort(JsValue self, JsValue replacement) =>
        self is JsString text && replacement is JsString with
        && (text.Length + 1L) * with.Length <= ExpressionLimits.StringLength && !with.ToString().Contains('$', StringComparison.Ordinal);

    private Func<JsValue[], string> Called(Function function) =>
        match => TypeConverter.ToString(engine.Call(function, JsValue.Undefined, match));

    private static Func<JsValue[], string> Expanded(string template) =>
        template.Contains('$', StringComparison.Ordinal) ? match => Substitution.Expand(template, match) : _ => template;
}
