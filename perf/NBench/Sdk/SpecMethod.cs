using System.Reflection;

namespace NBench.Sdk;

/// <summary>A method of a concrete class that is a spec, with the setup and the cleanup of that class.</summary>
internal sealed record SpecMethod(Type Type, MethodInfo Body, MethodInfo? Setup, MethodInfo? Cleanup)
{
    public string Name => $"{Type.FullName}+{Body.Name}";

    public PerfBenchmarkAttribute Benchmark => Body.GetCustomAttribute<PerfBenchmarkAttribute>(inherit: true)!;

    public IReadOnlyList<MeasurementAttribute> Measurements => [.. Body.GetCustomAttributes<MeasurementAttribute>(inherit: true)];

    /// <summary>All specs of an assembly, in reflection order; inherited ones count, abstract classes do not.</summary>
    /// <exception cref="NBenchException">A class has two setups or two cleanups.</exception>
    public static IEnumerable<SpecMethod> Find(Assembly assembly) =>
        assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }).SelectMany(Find);

    public static IEnumerable<SpecMethod> Find(Type type)
    {
        var methods = type.GetMethods(BindingFlags.Instance | BindingFlags.Public);
        var bodies = methods.Where(method => method.IsDefined(typeof(PerfBenchmarkAttribute), inherit: true)).ToList();
        return bodies.Count == 0 ? [] : bodies.Select(body =>
            new SpecMethod(type, body, Only<PerfSetupAttribute>(type, methods), Only<PerfCleanupAttribute>(type, methods)));
    }

    /// <summary>Binds a method to an instance.</summary>
    /// <exception cref="NBenchException">It is not <c>void</c>, or takes something else than nothing or one <see cref="BenchmarkContext"/>.</exception>
    public static Action<BenchmarkContext> Bind(MethodInfo? method, object instance)
    {
        if (method is null)
        {
            return static _ => { };
        }

        var parameters = method.GetParameters();
        if (method.ReturnType != typeof(void) || parameters.Length > 1 || parameters.Any(parameter => parameter.ParameterType != typeof(BenchmarkContext)))
        {
            throw new NBenchException($"Cannot bind to {method.DeclaringType?.Name}.{method.Name}: it must be void and take nothing or one BenchmarkContext.");
        }

        if (parameters.Length == 1)
        {
            return method.CreateDelegate<Action<BenchmarkContext>>(instance);
        }

        var call = method.CreateDelegate<Action>(instance);
        return _ => call();
    }

    private static MethodInfo? Only<T>(Type type, MethodInfo[] methods)
        where T : Attribute
    {
        var marked = methods.Where(method => method.IsDefined(typeof(T), inherit: true)).ToList();
        return marked.Count <= 1
            ? marked.FirstOrDefault()
            : throw new NBenchException($"{type.FullName} has {marked.Count} methods with {typeof(T).Name}; there may be one.");
    }
}
