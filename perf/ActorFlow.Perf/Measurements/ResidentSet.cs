using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorFlow.Perf.Measurements;

/// <summary>The resident set of this process, read without allocating: it is read while allocations are counted.</summary>
internal static class ResidentSet
{
    private static readonly SafeFileHandle? Statm = OperatingSystem.IsLinux() ? File.OpenHandle("/proc/self/statm") : null;

    /// <summary>Its size, in bytes.</summary>
    public static long Now
    {
        get
        {
            if (Statm is null)
            {
                return Environment.WorkingSet;
            }

            Span<byte> buffer = stackalloc byte[128];
            var text = buffer[..RandomAccess.Read(Statm, buffer, 0)];
            var second = text[(text.IndexOf((byte)' ') + 1)..];
            return Utf8Parser.TryParse(second, out long pages, out _) ? pages * Environment.SystemPageSize : Environment.WorkingSet;
        }
    }

    /// <summary>Begins to look for its largest size.</summary>
    public static Peak Watch() => new();

    /// <summary>The largest size seen.</summary>
    internal sealed class Peak
    {
        private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

        private readonly Timer _timer;
        private long _most = Now;

        public Peak() => _timer = new(static peak => ((Peak)peak!).Look(), this, Period, Period);

        /// <summary>Looks once more and no longer.</summary>
        /// <returns>The largest size, in bytes.</returns>
        public long Stop()
        {
            _timer.Dispose();
            Look();
            return Volatile.Read(ref _most);
        }

        private void Look()
        {
            var (now, most) = (Now, Volatile.Read(ref _most));
            while (now > most && Interlocked.CompareExchange(ref _most, now, most) is var seen && seen != most)
            {
                most = seen;
            }
        }
    }
}
