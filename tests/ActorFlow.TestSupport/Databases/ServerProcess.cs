using System.Globalization;

namespace ActorFlow.TestSupport.Databases;

/// <summary>Reads processes from <c>/proc</c>.</summary>
internal static class ServerProcess
{
    private const int State = 0;
    private const int Parent = 1;
    private const int UserTicks = 11;
    private const int WaitedForSystemTicks = 14;

    // The value that the kernel reports on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Whether a process has ended, even if its parent has not waited for it.</summary>
    public static bool HasEnded(int id) => FieldsOf(id) is not { } fields || fields[State] is "Z" or "X";

    /// <summary>A process and its children.</summary>
    public static IReadOnlyList<int> Family(int id) => HasEnded(id)
        ? []
        : [id, .. Ids().Where(child => FieldsOf(child) is { } fields && fields[Parent] == id.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The processor time of a process and its children, including those that have ended.</summary>
    public static TimeSpan ProcessorTime(int id)
    {
        // User and system time; for a parent, also that of the children it has waited for.
        var own = TicksOf(id, WaitedForSystemTicks);
        return TimeSpan.FromSeconds((own + Family(id).Skip(1).Sum(child => TicksOf(child, UserTicks + 1))) / TicksPerSecond);
    }

    private static IEnumerable<int> Ids() => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    private static long TicksOf(int id, int last) =>
        FieldsOf(id) is { } fields ? fields[UserTicks..(last + 1)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) : 0;

    /// <summary>The fields after the name, which may have any characters; null means that there is no such process.</summary>
    private static string[]? FieldsOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
