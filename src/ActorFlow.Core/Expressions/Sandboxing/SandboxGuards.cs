using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Native.Symbol;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// The engine checks its limits between statements, but not within a call of a built-in function. This class bounds the
/// built-in functions that can make large values, and removes those that an expression has no use for.
/// </summary>
internal sealed class SandboxGuards(Engine engine, JsonToJavaScript json)
{
    private static readonly string[] RemovedGlobals =
    [
        "Date", "Intl", "Temporal", "Promise", "Proxy", "Reflect", "WeakRef", "WeakMap", "WeakSet", "FinalizationRegistry", "Atomics",
        "SharedArrayBuffer", "ArrayBuffer", "DataView", "ShadowRealm", "eval", "Function", "BigInt",
        "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
        "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
    ];

    /// <summary>Functions that may take long or make large values in one call: the limits are checked after them.</summary>
    private static readonly string[] CheckedOfStrings =
    [
        "includes", "indexOf", "lastIndexOf", "split",
        "concat", "toUpperCase", "toLowerCase", "toLocaleUpperCase", "toLocaleLowerCase", "trim", "trimStart", "trimEnd", "normalize",
    ];

    private static readonly string[] RemovedOfStrings =
        ["anchor", "big", "blink", "bold", "fixed", "fontcolor", "fontsize", "italics", "link", "small", "strike", "sub", "sup"];

    /// <summary>Removed because a chain of these nests .NET calls as deep as it is long.</summary>
    private static readonly string[] RemovedOfIterators = ["constructor", "map", "filter", "take", "drop", "flatMap"];

    public static void Install(Engine engine, JsonToJavaScript json)
    {
        var guards = new SandboxGuards(engine, json);
        guards.GuardStrings();
        guards.GuardArrays();
        guards.GuardGlobals();
    }

    private void GuardStrings()
    {
        var strings = Prototype("String");
        Bound(strings, "repeat", static (text, count) => text.Length * count);
        Bound(strings, "padStart", static (_, length) => length);
        Bound(strings, "padEnd", static (_, length) => length);
        var replacing = new BoundedReplace(engine);
        Wrap(strings, "replace", replacing.Call);
        Wrap(strings, "replaceAll", replacing.Call);
        Wrap(Prototype("RegExp"), GlobalSymbolRegistry.Replace, replacing.Call);
        foreach (var name in CheckedOfStrings)
        {
            Check(strings, name);
        }

        Remove(strings, RemovedOfStrings);
    }

    private void GuardArrays()
    {
        var texts = new BoundedArrays(engine);
        var arrays = Prototype("Array");
        Replace(arrays, "join", texts.Join);
        Replace(arrays, "toString", texts.ToText);
        Replace(arrays, "toLocaleString", texts.ToText);
        Replace(arrays, "flat", texts.Flat);
        var iterator = engine.Call(arrays.Get("values"), new JsArray(engine), []).AsObject();
        Remove(iterator.Prototype!.Prototype!, RemovedOfIterators);
    }

    private void GuardGlobals()
    {
        Wrap(Global("JSON"), "stringify", static (_, self, arguments) => BoundedStringify.Call(self, arguments));
        Wrap(Global("JSON"), "parse", new ExactParse(engine, json).Call);
        GuardNumbers();
        foreach (var name in (string[])["encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent"])
        {
            Check(engine.Global, name);
        }

        Remove(Global("Array"), ["fromAsync"]);
        Remove(Global("Object"), ["defineProperty", "defineProperties", "setPrototypeOf"]);
        Remove(Prototype("Object"), ["__proto__", "__defineGetter__", "__defineSetter__"]);
        Remove(Global("Math"), ["random"]);
        Remove(Prototype("Function"), ["bind"]);
        Remove(engine.Global, RemovedGlobals);
    }

    /// <summary>Guards the functions that search for a number, or for one in the text of their argument.</summary>
    private void GuardNumbers()
    {
        Wrap(Global("Number"), "isFinite", (native, self, arguments) => arguments.At(0) is ExactNumber ? JsBoolean.True : engine.Call(native, self, arguments));
        foreach (var holder in (ObjectInstance[])[engine.Global, Global("Number")])
        {
            foreach (var name in (string[])["parseInt", "parseFloat"])
            {
                Wrap(holder, name, (native, self, arguments) =>
                    arguments.At(0) is ExactNumber number ? throw number.Refusal() : engine.Call(native, self, arguments));
            }
        }
    }

    private ObjectInstance Global(string name) => engine.Global.Get(name).AsObject();

    private ObjectInstance Prototype(string name) => Global(name).Get("prototype").AsObject();

    private static void Remove(ObjectInstance holder, string[] names)
    {
        foreach (var name in names)
        {
            holder.Delete(name);
        }
    }

    private void Bound(ObjectInstance holder, string name, Func<string, double, double> length) => Wrap(holder, name, (native, self, arguments) =>
    {
        if (length(TypeConverter.ToString(self), TypeConverter.ToNumber(arguments.At(0))) > ExpressionLimits.StringLength)
        {
            throw BoundedText.TooLong();
        }

        return engine.Call(native, self, arguments);
    });

    private void Check(ObjectInstance holder, string name) =>
        Wrap(holder, name, (native, self, arguments) => engine.Call(native, self, arguments));

    private void Wrap(ObjectInstance holder, JsValue name, Func<Function, JsValue, JsValue[], JsValue> call)
    {
        var native = (Function)holder.Get(name);
        Replace(holder, name, (self, arguments) =>
        {
            var result = call(native, self, arguments);
            engine.Constraints.Check();
            return result;
        });
    }

    private void Replace(ObjectInstance holder, JsValue name, Func<JsValue, JsValue[], JsValue> call) => holder.FastSetProperty(
        name,
        new PropertyDescriptor(new ClrFunction(engine, name.ToString(), call.Invoke), writable: true, enumerable: false, configurable: true));
}
