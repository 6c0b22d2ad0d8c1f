using System.Globalization;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions;

/// <summary>Numbers as JavaScript writes them, which is JSON too.</summary>
internal static class JavaScriptNumber
{
    public static string Text(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : TypeConverter.ToString(JsNumber.Create(number));
}
