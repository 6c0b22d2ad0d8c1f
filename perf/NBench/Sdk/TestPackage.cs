using System.Reflection;
using System.Text.RegularExpressions;
using NBench.Reporting;

namespace NBench.Sdk;

/// <summary>Which specs run, and how.</summary>
public class TestPackage
{
    private readonly List<Assembly> _assemblies;
    private readonly List<string> _include;
    private readonly List<string> _exclude;
    private readonly List<IBenchmarkOutput> _outputs = [];

    /// <summary>The specs of an assembly.</summary>
    /// <param name="testAssembly">The assembly.</param>
    /// <param name="include">Patterns of names, <c>*</c> and <c>?</c>; none: all.</param>
    /// <param name="exclude">Patterns of names that do not run.</param>
    /// <param name="concurrent">Whether other things may run beside them; nothing here depends on it.</param>
    public TestPackage(Assembly testAssembly, IEnumerable<string>? include = null, IEnumerable<string>? exclude = null, bool concurrent = false)
        : this([testAssembly], include, exclude, concurrent)
    {
    }

    /// <summary>The specs of some assemblies.</summary>
    /// <param name="testAssemblies">The assemblies.</param>
    /// <param name="include">Patterns of names, <c>*</c> and <c>?</c>; none: all.</param>
    /// <param name="exclude">Patterns of names that do not run.</param>
    /// <param name="concurrent">Whether other things may run beside them; nothing here depends on it.</param>
    public TestPackage(IEnumerable<Assembly> testAssemblies, IEnumerable<string>? include = null, IEnumerable<string>? exclude = null, bool concurrent = false)
    {
        _assemblies = [.. testAssemblies];
        _include = [.. include ?? []];
        _exclude = [.. exclude ?? []];
        Concurrent = concurrent;
        Name = string.Join(", ", _assemblies.Select(assembly => assembly.GetName().Name));
    }

    /// <summary>Whether other things may run beside the specs; nothing here depends on it, no CPU is ever pinned.</summary>
    public bool Concurrent { get; set; }

    /// <summary>Whether traces of specs go to the output.</summary>
    public bool Tracing { get; set; }

    /// <summary>Whether a build server is told.</summary>
    public bool TeamCity { get; set; }

    /// <summary>Where Markdown files go; none: nowhere.</summary>
    public string? OutputDirectory { get; set; }

    /// <summary>A configuration file; it is kept and not read.</summary>
    public string? ConfigurationFile { get; set; }

    /// <summary>The package's name: the assemblies' by default.</summary>
    public string Name { get; set; }

    /// <summary>The assemblies.</summary>
    public IReadOnlyList<Assembly> TestAssemblies => _assemblies;

    /// <summary>Who hears of runs besides the console.</summary>
    public IReadOnlyList<IBenchmarkOutput> OutputTargets => _outputs;

    /// <summary>Adds a pattern of names that run.</summary>
    /// <param name="include">The pattern.</param>
    public TestPackage AddInclude(string include)
    {
        _include.Add(include);
        return this;
    }

    /// <summary>Adds a pattern of names that do not run.</summary>
    /// <param name="exclude">The pattern.</param>
    public TestPackage AddExclude(string exclude)
    {
        _exclude.Add(exclude);
        return this;
    }

    /// <summary>Adds somebody who hears of runs.</summary>
    /// <param name="output">Who.</param>
    public TestPackage AddOutput(IBenchmarkOutput output)
    {
        _outputs.Add(output);
        return this;
    }

    /// <summary>Whether a spec of this name runs.</summary>
    /// <param name="benchmarkName">The whole name, <c>Namespace.Class+Method</c>.</param>
    public bool ShouldRunBenchmark(string benchmarkName) =>
        (_include.Count == 0 || _include.Exists(pattern => IsMatch(pattern, benchmarkName)))
        && !_exclude.Exists(pattern => IsMatch(pattern, benchmarkName));

    private static bool IsMatch(string pattern, string name) =>
        Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
