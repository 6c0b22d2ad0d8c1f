using ActorFlow.Core.Expressions.Parsing;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// The JavaScript of one template evaluation: an engine of its own, made when the first expression needs it and
/// dropped at the end, so that one evaluation does not affect another.
/// </summary>
internal sealed class Sandbox(IExpressionScope scope)
{
    private Engine? _engine;
    private JsonToJavaScript? _json;
    private bool _guarded;

    /// <summary>The value of the expression.</summary>
    /// <exception cref="ValueException">The expression threw, or exceeded a limit.</exception>
    public JsValue Evaluate(Expression expression)
    {
        try
        {
            try
            {
                return Run(expression);
            }
            catch (Exception e) when (e is TimeoutException or ExecutionCanceledException)
            {
                // A machine that was stalled makes an expression look slow; one that is slow is slow again in the second try.
                (_engine, _guarded) = (null, false);
                return Run(expression);
            }
        }
        catch (Exception e) when (SandboxFailure.Reason(e) is { } reason)
        {
            throw new ValueException(reason);
        }
    }

    private JsValue Run(Expression expression)
    {
        if (_engine is null)
        {
            _engine = SandboxEngine.Create();
            _json = new JsonToJavaScript(_engine);
            LargeNumbers.Install(_engine, _json.Numbers);
        }

        if (expression.Calls && !_guarded)
        {
            SandboxGuards.Install(_engine, _json!);
            _guarded = true;
        }

        new SandboxData(_engine, _json!).Give(expression, scope);
        return _engine.Evaluate(expression.Script.Value);
    }
}
