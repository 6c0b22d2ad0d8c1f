using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions;

/// <summary>
/// The JavaScript of one template evaluation: an engine of its own, made when the first expression needs it and
/// thrown away at the end, so that nothing one evaluation does is seen by another.
/// </summary>
internal sealed class Sandbox(IExpressionScope scope)
{
    private Engine? _engine;
    private bool _guarded;

    /// <summary>The value of the expression.</summary>
    /// <exception cref="ValueException">It threw, or passed a limit.</exception>
    public JsValue Evaluate(Expression expression)
    {
        try
        {
            _engine ??= SandboxEngine.Create();
            if (expression.Calls && !_guarded)
            {
                SandboxGuards.Install(_engine);
                _guarded = true;
            }

            SandboxData.Give(_engine, expression, scope);
            return _engine.Evaluate(expression.Script.Value);
        }
        catch (Exception e) when (SandboxFailure.Reason(e) is { } reason)
        {
            throw new ValueException(reason);
        }
    }
}
