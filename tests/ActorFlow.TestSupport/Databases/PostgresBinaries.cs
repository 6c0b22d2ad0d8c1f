using System.Diagnostics;
using System.Globalization;

namespace ActorFlow.TestSupport.Databases;

/// <summary>Where this machine has the programs of a PostgreSQL server.</summary>
internal static class PostgresBinaries
{
    /// <summary>Their directory: the path's, else the newest version's; none: they are not installed.</summary>
    public static string? Directory { get; } = Candidates().FirstOrDefault(Holds);

    private static IEnumerable<string> Candidates() =>
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        .. Debian(),
        .. Configured(),
    ];

    private static IEnumerable<string> Debian() => System.IO.Directory.Exists("/usr/lib/postgresql")
        ? System.IO.Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
        : [];

    private static IEnumerable<string> Configured()
    {
        try
        {
            using var config = Process.Start(new ProcessStartInfo("pg_config", "--bindir") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var directory = config.StandardOutput.ReadToEnd().Trim();
            config.WaitForExit();
            return directory.Length > 0 ? [directory] : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static bool Holds(string directory) => IsThere(Path.Combine(directory, "postgres")) && IsThere(Path.Combine(directory, "initdb"));

    /// <summary>A link may lead nowhere.</summary>
    private static bool IsThere(string file) => File.Exists(file) && (File.ResolveLinkTarget(file, returnFinalTarget: true)?.Exists ?? true);
}
