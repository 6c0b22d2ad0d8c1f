using ActorFlow.TestSupport.Databases;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

/// <summary>A fact that holds in every store: in a class that needs one that is missing it is skipped, but never in a build of CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ActorFlow.Runtime.Tests.Persistence.Databases.StoreFactDiscoverer", "ActorFlow.Runtime.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>A theory that holds in every store; see <see cref="StoreFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ActorFlow.Runtime.Tests.Persistence.Databases.StoreTheoryDiscoverer", "ActorFlow.Runtime.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

/// <summary>The class needs PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnPostgresAttribute : Attribute
{
    /// <summary>Whether it needs a server of its own, to stop it.</summary>
    public bool Alone { get; set; }
}

public sealed class StoreFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        MissingStore.ReasonOf(testMethod) is { } reason
            ? new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

public sealed class StoreTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        MissingStore.ReasonOf(testMethod) is { } reason
            ? [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

internal static class MissingStore
{
    public static string? ReasonOf(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(OnPostgresAttribute)).FirstOrDefault() is { } needs
        && Environment.GetEnvironmentVariable("CI") is not "true"
            ? needs.GetNamedArgument<bool>(nameof(OnPostgresAttribute.Alone)) ? PrivatePostgres.MissingServer : PrivatePostgres.Missing
            : null;
}

/// <summary>Xunit 2 takes the reason from the attribute, which does not know its class: this one brings its own.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string? _reason;

    [Obsolete("For deserialization.", error: true)]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method, string reason)
        : base(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Reason", _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>("Reason");
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason!;
}
