using NBench.Sdk;

namespace NBench;

/// <summary>Runs the specs of an assembly as its command line says.</summary>
public static class NBenchRunner
{
    private const string Help =
        """
        --include PATTERN       run specs whose whole name (Namespace.Class+Method) matches; * and ?; repeatable
        --exclude PATTERN       leave specs out; repeatable
        --concurrent true|false whether other things may run beside the specs
        --trace true|false      write the traces of specs
        --output DIRECTORY      write a Markdown file for each spec
        --configuration FILE    kept, not read
        --teamcity              tell a build server
        """;

    /// <summary>The package of the assembly that declares a type, as the command line says.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static TestPackage CreateTest<T>() => Parse(new TestPackage(typeof(T).Assembly), Environment.GetCommandLineArgs().AsSpan(1));

    /// <summary>Runs the specs of the assembly that declares a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>0 when each spec passed and at least one was selected, else -1.</returns>
    public static int Run<T>() => ExitCodeOf(TestRunner.Run(CreateTest<T>()));

    /// <summary>Prints the command line.</summary>
    public static void PrintHelp() => Console.WriteLine(Help);

    internal static int ExitCodeOf(TestRunnerResult result) => result.AllTestsPassed ? 0 : -1;

    internal static TestPackage Parse(TestPackage package, ReadOnlySpan<string> args)
    {
        package.TeamCity = Environment.GetEnvironmentVariable("TEAMCITY_PROJECT_NAME") is { Length: > 0 };
        for (var i = 0; i < args.Length; i++)
        {
            var next = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[i + 1] : null;
            switch (args[i])
            {
                case "--include" when next is not null: package.AddInclude(next); break;
                case "--exclude" when next is not null: package.AddExclude(next); break;
                // Alone it means false in NBench, too.
                case "--concurrent": package.Concurrent = IsTrue(next); break;
                case "--trace": package.Tracing = IsTrue(next); break;
                case "--output" when next is not null: package.OutputDirectory = next; break;
                case "--configuration" when next is not null: package.ConfigurationFile = next; break;
                case "--teamcity": package.TeamCity = true; break;
            }
        }

        return package;
    }

    private static bool IsTrue(string? word) => bool.TryParse(word, out var value) && value;
}
