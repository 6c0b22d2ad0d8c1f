using ActorFlow.Core.Expressions.Sandboxing;
using Jint;

namespace ActorFlow.Core.Tests.Expressions;

/// <summary>What the engine itself is without, should a name ever get past the parser.</summary>
public sealed class SandboxTests
{
    [Theory]
    [InlineData("Date")]
    [InlineData("Intl")]
    [InlineData("Temporal")]
    [InlineData("Promise")]
    [InlineData("Proxy")]
    [InlineData("WeakRef")]
    [InlineData("FinalizationRegistry")]
    [InlineData("Atomics")]
    [InlineData("SharedArrayBuffer")]
    [InlineData("ArrayBuffer")]
    [InlineData("Uint8Array")]
    [InlineData("ShadowRealm")]
    [InlineData("eval")]
    [InlineData("Function")]
    [InlineData("System")]
    [InlineData("importNamespace")]
    [InlineData("require")]
    [InlineData("console")]
    [InlineData("setTimeout")]
    public void There_is_no(string name)
    {
        var engine = SandboxEngine.Create();
        SandboxGuards.Install(engine, new JsonToJavaScript(engine));

        Assert.True(engine.Global.Get(name).IsUndefined());
    }

    [Theory]
    [InlineData("Math.random")]
    [InlineData("Array.fromAsync")]
    [InlineData("(() => 1).bind")]
    [InlineData("''.anchor")]
    [InlineData("[].values().map")]
    public void There_is_no_function(string path)
    {
        var engine = SandboxEngine.Create();
        SandboxGuards.Install(engine, new JsonToJavaScript(engine));

        Assert.True(engine.Evaluate(path).IsUndefined());
    }
}
