using ActorFlow.Core.Payloads;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Native.Symbol;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// A number of the data that JavaScript's numbers may not hold exactly. It may be passed on, put into text and compared for equality, all of
/// which is exact; every other use fails.
/// </summary>
internal sealed class ExactNumber : ObjectInstance
{
    private readonly ClrFunction _toPrimitive;

    public ExactNumber(Engine engine, string text)
        : base(engine)
    {
        Text = text;
        _toPrimitive = new ClrFunction(engine, "toPrimitive", (_, arguments) =>
            arguments.At(0) is JsString hint && hint.ToString() == "string" ? JsString.Create(text) : throw Refusal());
    }

    /// <summary>The number as JSON writes it.</summary>
    public string Text { get; }

    public ValueException Refusal() => new(
        $"{OneLine.Of(Text, 60)} is a number that JavaScript does not hold exactly: pass it on or put it into text, or give it as text");

    public override JsValue Get(JsValue property, JsValue receiver) =>
        property == GlobalSymbolRegistry.ToPrimitive ? _toPrimitive : IsAskedByTheEngine(property) ? Undefined : throw Refusal();

    public override PropertyDescriptor GetOwnProperty(JsValue property) =>
        IsAskedByTheEngine(property) ? PropertyDescriptor.Undefined : throw Refusal();

    public override bool HasProperty(JsValue property) => IsAskedByTheEngine(property) ? false : throw Refusal();

    public override List<JsValue> GetOwnPropertyKeys(Types types = Types.String | Types.Symbol) => throw Refusal();

    public override IEnumerable<KeyValuePair<JsValue, PropertyDescriptor>> GetOwnProperties() => throw Refusal();

    public override bool Set(JsValue property, JsValue value, JsValue receiver) => throw Refusal();

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => throw Refusal();

    public override bool Delete(JsValue property) => throw Refusal();

    public override object ToObject() => Text;

    public override string ToString() => Text;

    /// <summary>Whether the engine asks by this symbol what an object supports: an exact number supports nothing.</summary>
    private static bool IsAskedByTheEngine(JsValue property) => property.IsSymbol() && property != GlobalSymbolRegistry.Iterator;
}
