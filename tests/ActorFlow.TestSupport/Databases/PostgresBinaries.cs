using System.Diagnostics;
using System.Globalization;

namespace ActorFlow.TestSupport.Databases;

/// <summary>Finds the programs of a PostgreSQL server on this machine.</summary>
internal static class PostgresBinaries
{
    /// <summary>Their directory: that on the path, else that of the newest version; null means that they are not installed.</summary>
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

    /// <summary>Whether a file exists; a link may lead nowhere.</summary>
    private static bool IsThere(string file) => File.Exists(file) && (File.ResolveLinkTarget(file, returnFinalTarget: true)?.Exists ?? true);
}
