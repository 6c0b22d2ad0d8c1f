using System.Collections.Concurrent;
using System.Reflection;

namespace NBench.Sdk;

/// <summary>Finds what configures an attribute: in the assembly that declares it, then in what that assembly references.</summary>
internal static class Configurators
{
    private static readonly ConcurrentDictionary<Type, IMeasurementConfigurator> Found = new();

    public static IMeasurementConfigurator Find(Type attribute) => Found.GetOrAdd(attribute, Search);

    private static IMeasurementConfigurator Search(Type attribute)
    {
        for (var type = attribute; type is not null && type != typeof(MeasurementAttribute); type = type.BaseType)
        {
            if (Candidates(type.Assembly).FirstOrDefault(found => found.MeasurementType == type) is { } configurator)
            {
                return configurator;
            }
        }

        throw new NBenchException($"Nothing configures {attribute.Name}: derive a class from MeasurementConfigurator<{attribute.Name}>.");
    }

    private static IEnumerable<IMeasurementConfigurator> Candidates(Assembly assembly) =>
        Types(assembly).Concat(assembly.GetReferencedAssemblies().Select(TryLoad).OfType<Assembly>().SelectMany(Types))
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                && type.IsAssignableTo(typeof(IMeasurementConfigurator)) && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (IMeasurementConfigurator)Activator.CreateInstance(type)!);

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            // A reference that is not there cannot hold a configurator that is in use.
            return null;
        }
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            return error.Types.OfType<Type>();
        }
    }
}
