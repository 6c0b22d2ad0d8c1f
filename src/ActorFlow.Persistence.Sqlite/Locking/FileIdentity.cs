using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorFlow.Persistence.Sqlite.Locking;

/// <summary>Which file or directory it is, whatever its name: what is deleted and made anew under the same name is another.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    /// <summary>Nothing has this name.</summary>
    public static readonly FileIdentity Nothing = new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>Looks; the path follows links. Null means that it cannot be told at the moment.</summary>
    public static FileIdentity? Of(string path) => Of(path, NameOf(path));

    /// <summary>The same, without allocating.</summary>
    /// <param name="path">The path.</param>
    /// <param name="name">What <see cref="NameOf"/> makes of it.</param>
    public static FileIdentity? Of(string path, byte[] name) => OperatingSystem.IsLinux() ? Linux.Look(Linux.Here, name) : ByCreation(path);

    /// <summary>The path as the operating system wants it.</summary>
    public static byte[] NameOf(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>What an open file or directory is, on Linux. Null means that it cannot be told.</summary>
    public static FileIdentity? Of(SafeFileHandle open) => OperatingSystem.IsLinux() ? Linux.Look((int)open.DangerousGetHandle(), Linux.Itself) : null;

    private static FileIdentity? ByCreation(string path)
    {
        try
        {
            var made = Path.Exists(path) ? (ulong)File.GetCreationTimeUtc(path).Ticks : (ulong?)null;
            return made is { } ticks ? new(0, ticks) : Nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary><c>statx(2)</c>: unlike <c>stat</c>, the same layout on every processor.</summary>
    private static class Linux
    {
        /// <summary>Relative to the working directory.</summary>
        public const int Here = -100;

        /// <summary>An empty name: the open file itself.</summary>
        public static readonly byte[] Itself = [0];

        private const int EmptyName = 0x1000;
        private const uint NumberWanted = 0x100;
        private const int NoSuchFile = 2;
        private const int NotADirectory = 20;

        // Where struct statx has what is looked at.
        private const int Size = 256;
        private const int NumberAt = 32;
        private const int DeviceAt = 136;

        public static FileIdentity? Look(int at, byte[] name)
        {
            Span<byte> found = stackalloc byte[Size];
            try
            {
                return Statx(at, name, name == Itself ? EmptyName : 0, NumberWanted, ref MemoryMarshal.GetReference(found)) == 0
                    ? new(MemoryMarshal.Read<ulong>(found[DeviceAt..]), MemoryMarshal.Read<ulong>(found[NumberAt..]))
                    : Marshal.GetLastPInvokeError() is NoSuchFile or NotADirectory ? Nothing : null;
            }
            catch (EntryPointNotFoundException)
            {
                return null;
            }
        }

        [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Statx(int at, byte[] name, int flags, uint wanted, ref byte found);
    }
}
