using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests;

/// <summary>The specs must compile against the package as well, which cannot be restored here: only what it documents is used.</summary>
public sealed class NBenchSurfaceTests
{
    private static readonly Assembly Perf = typeof(Spec).Assembly;

    [Fact]
    public void Every_type_and_member_that_the_program_refers_to_is_documented()
    {
        var used = References().ToList();

        Assert.True(used.Count > 30, $"only {used.Count} references found");
        Assert.Contains(("NBench.Sdk.TestRunner", "Execute"), used);
        Assert.Contains(("NBench.Sdk.MeasurementConfigurator`1", ".ctor"), used);
        Assert.Empty(Undocumented(used));
    }

    [Fact]
    public void Every_attribute_and_what_is_set_of_it_is_documented()
    {
        var used = Perf.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .SelectMany(method => method.GetCustomAttributesData())
            .Where(attribute => IsNBench(attribute.AttributeType.Namespace))
            .SelectMany(attribute => attribute.NamedArguments.Select(argument => argument.MemberName).Append(".ctor").Select(member => (attribute.AttributeType.FullName!, member)))
            .Distinct().ToList();

        Assert.Contains(("NBench.PerfBenchmarkAttribute", "NumberOfIterations"), used);
        Assert.Empty(Undocumented(used));
    }

    [Fact]
    public void Every_member_that_the_program_overrides_or_implements_is_documented()
    {
        var overridden = Perf.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .Select(method => method.GetBaseDefinition().DeclaringType!)
            .Concat(Perf.GetTypes().SelectMany(type => type.GetInterfaces()))
            .Where(type => IsNBench(type.Namespace))
            .Select(type => type.IsGenericType ? type.GetGenericTypeDefinition().FullName! : type.FullName!)
            .Distinct().ToList();

        Assert.Contains("NBench.Sdk.IBenchmarkSetting", overridden);
        Assert.Contains("NBench.Collection.MetricCollector", overridden);
        Assert.Empty(overridden.Except(NBenchSurface.Documented.Keys).Except(["NBench.Sdk.IMeasurementConfigurator"]));
        var methods = Perf.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .Select(method => method.GetBaseDefinition()).Where(method => IsNBench(method.DeclaringType!.Namespace))
            .Select(method => (NameOf(method.DeclaringType!), Property(method.Name)));
        Assert.Empty(Undocumented(methods));
    }

    [Fact]
    public void The_stand_in_has_every_documented_type_and_member()
    {
        var standIn = typeof(NBench.PerfBenchmarkAttribute).Assembly;
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var missing = NBenchSurface.Documented.SelectMany(pair => pair.Value.Where(member => standIn.GetType(pair.Key)?.GetMember(member, All) is not { Length: > 0 }).Select(member => $"{pair.Key}.{member}"))
            .Concat(NBenchSurface.Documented.Keys.Where(type => standIn.GetType(type) is not { IsPublic: true }));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("PackageReference", "NBench", "'$(UseNBench)' == 'true'")]
    [InlineData("ProjectReference", "../NBench/ActorFlow.NBench.csproj", "'$(UseNBench)' != 'true'")]
    public void The_package_or_the_stand_in_is_referenced_never_both(string kind, string name, string condition)
    {
        var project = XDocument.Load(Path.Combine(ActorFlowProcess.Root, "perf", "ActorFlow.Perf", "ActorFlow.Perf.csproj"));
        var reference = Assert.Single(project.Descendants(kind), item => (string?)item.Attribute("Include") == name);

        Assert.Equal(condition, (string?)reference.Parent!.Attribute("Condition"));
    }

    private static IEnumerable<string> Undocumented(IEnumerable<(string Type, string Member)> used) => used.Distinct()
        .Where(one => !NBenchSurface.Documented.TryGetValue(one.Type, out var members) || (one.Member.Length > 0 && !members.Contains(one.Member)))
        .Select(one => $"{one.Type} {one.Member}");

    // Members as the compiler wrote them down; the empty member stands for the type alone.
    private static IEnumerable<(string Type, string Member)> References()
    {
        using var file = new PEReader(File.OpenRead(Perf.Location));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeReferences)
        {
            if (Name(metadata, handle) is { } name)
            {
                yield return (name, "");
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (Name(metadata, member.Parent) is { } name)
            {
                yield return (name, Property(metadata.GetString(member.Name)));
            }
        }
    }

    private static string? Name(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return null;
            }

            signature.ReadByte();
            return Name(metadata, signature.ReadTypeHandle());
        }

        if (handle.Kind != HandleKind.TypeReference)
        {
            return null;
        }

        var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        var space = metadata.GetString(type.Namespace);
        return IsNBench(space) ? $"{space}.{metadata.GetString(type.Name)}" : null;
    }

    private static bool IsNBench(string? space) => space == "NBench" || space?.StartsWith("NBench.", StringComparison.Ordinal) == true;

    private static string NameOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition().FullName! : type.FullName!;

    private static string Property(string method) => method.StartsWith("get_", StringComparison.Ordinal) || method.StartsWith("set_", StringComparison.Ordinal) ? method[4..] : method;
}
