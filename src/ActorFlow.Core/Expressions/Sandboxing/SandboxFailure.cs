using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Tells why JavaScript failed, in a sentence.</summary>
internal static class SandboxFailure
{
    /// <summary>The reason; null if the exception does not come from JavaScript.</summary>
    public static string? Reason(Exception exception) => exception switch
    {
        ValueException e => e.Message,
        JavaScriptException e => Thrown(e),
        StatementsCountOverflowException => $"it ran more than {ExpressionLimits.Statements} statements",
        RecursionDepthOverflowException => $"its calls nest deeper than {ExpressionLimits.Recursion}",
        MemoryLimitExceededException or OutOfMemoryException => $"it used more than {ExpressionLimits.Memory} bytes of memory",
        TimeoutException or ExecutionCanceledException => "it took too long",
        InsufficientExecutionStackException => "it nests too deep",
        JintException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException
            or IndexOutOfRangeException or NullReferenceException or InvalidCastException or FormatException => exception.Message,
        _ => null,
    };

    private static string Thrown(JavaScriptException exception)
    {
        if (exception.Error is JsError)
        {
            return exception.Message;
        }

        try
        {
            return $"it threw {JavaScriptToJson.Convert(exception.Error)?.ToString() ?? "undefined"}";
        }
        catch (ValueException)
        {
            return "it threw what is not JSON";
        }
    }
}
