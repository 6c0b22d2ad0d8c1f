using System.Reflection;
using ActorFlow.Perf.Nodes;
using NBench;

namespace ActorFlow.Perf.Running;

/// <summary>One spec: a method, what it is called, how it is run, and its bars.</summary>
internal sealed record Spec(Type Type, MethodInfo Method, SpecAttribute Attribute)
{
    /// <summary>The id.</summary>
    public string Id => Attribute.Id;

    /// <summary>What it is about.</summary>
    public string Description { get; } = Method.GetCustomAttribute<PerfBenchmarkAttribute>()?.Description ?? "";

    /// <summary>How many measured runs there are.</summary>
    public int Iterations { get; } = Method.GetCustomAttribute<PerfBenchmarkAttribute>()!.NumberOfIterations;

    /// <summary>The name by which NBench knows it.</summary>
    public string BenchmarkName => $"{Type.FullName}+{Method.Name}";

    /// <summary>Its bars.</summary>
    public IReadOnlyList<BarAttribute> Bars { get; } = [.. Method.GetCustomAttributes<BarAttribute>()];

    /// <summary>Its bars on a store. Those on processor time are none where the database's is not known.</summary>
    public IReadOnlyList<BarAttribute> BarsOn(IDatabase database) =>
        [.. Bars.Where(bar => (bar.Store is null || bar.Store == database.Store) && (database.KnowsProcessorTime || !bar.Metric.Contains("cpu", StringComparison.Ordinal)))];

    /// <summary>Whether it counts what is done in a second.</summary>
    public bool CountsThroughput { get; } = Method.GetCustomAttributes<CounterMeasurementAttribute>().Any();

    /// <summary>How many processes of its own it runs in, one after the other; 0: none.</summary>
    public int Processes => Own?.Processes ?? 0;

    /// <summary>Whether .NET compiles each method once in its process.</summary>
    public bool CompilesOnce => Own?.CompilesOnce ?? false;

    /// <summary>Whether it runs in a process of its own.</summary>
    public bool OwnProcess => Processes > 0;

    private OwnProcessAttribute? Own => Method.GetCustomAttribute<OwnProcessAttribute>() ?? Type.GetCustomAttribute<OwnProcessAttribute>();

    /// <summary>All specs of an assembly, by class and in the order of their methods.</summary>
    /// <exception cref="InvalidOperationException">Two have the same id.</exception>
    public static IReadOnlyList<Spec> In(Assembly assembly)
    {
        var specs = assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .SelectMany(type => type.GetMethods().Select(method => (type, method, attribute: method.GetCustomAttribute<SpecAttribute>())))
            .Where(found => found.attribute is not null)
            .Select(found => new Spec(found.type, found.method, found.attribute!))
            .OrderBy(spec => spec.Type.Name, StringComparer.Ordinal).ThenBy(spec => spec.Method.MetadataToken)
            .ToList();
        return specs.GroupBy(spec => spec.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidOperationException($"Two specs have the id {twice.Key}.")
            : specs;
    }
}
