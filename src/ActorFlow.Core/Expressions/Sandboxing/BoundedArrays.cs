using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Bounded versions of the array functions that descend into arrays within arrays: <c>join</c>, <c>toString</c>, <c>flat</c>.</summary>
internal sealed class BoundedArrays(Engine engine)
{
    private int _depth;

    public JsValue Join(JsValue self, JsValue[] arguments) =>
        Joined(self, arguments.At(0).IsUndefined() ? "," : TypeConverter.ToString(arguments.At(0)));

    public JsValue ToText(JsValue self, JsValue[] arguments) => Joined(self, ",");

    public JsValue Flat(JsValue self, JsValue[] arguments)
    {
        var depth = arguments.At(0).IsUndefined() ? 1 : TypeConverter.ToNumber(arguments.At(0));
        var items = new List<JsValue>();
        AddFlat(items, Array(self, "flat"), depth, new Budget());
        return new JsArray(engine, [.. items]);
    }

    private static JsArray Array(JsValue self, string name) =>
        self as JsArray ?? throw new ValueException($"{name} is for arrays");

    private JsString Joined(JsValue self, string separator)
    {
        var array = Array(self, "join");
        var text = new BoundedText();
        Enter();
        try
        {
            for (uint i = 0; i < array.Length; i++)
            {
                text.Append(i == 0 ? "" : separator);
                text.Append(array.Get(i) is var item && (item.IsNull() || item.IsUndefined()) ? "" : TypeConverter.ToString(item));
            }
        }
        finally
        {
            _depth--;
        }

        engine.Constraints.Check();
        return JsString.Create(text.ToString());
    }

    private void AddFlat(List<JsValue> items, JsArray array, double depth, Budget budget)
    {
        Enter();
        try
        {
            for (uint i = 0; i < array.Length; i++)
            {
                budget.Spend();
                if (array.Get(i) is JsArray inner && depth >= 1)
                {
                    AddFlat(items, inner, depth - 1, budget);
                }
                else if (array.HasProperty(i))
                {
                    items.Add(array.Get(i));
                }
            }
        }
        finally
        {
            _depth--;
        }
    }

    private void Enter()
    {
        if (++_depth > ExpressionLimits.ResultDepth)
        {
            throw new ValueException($"an array nests deeper than {ExpressionLimits.ResultDepth} levels, or holds itself");
        }
    }

    private sealed class Budget
    {
        private uint _left = ExpressionLimits.ArrayLength;

        public void Spend()
        {
            if (_left-- == 0)
            {
                throw new ValueException($"an array would be longer than {ExpressionLimits.ArrayLength}");
            }
        }
    }
}
