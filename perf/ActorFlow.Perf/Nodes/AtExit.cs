using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ActorFlow.Perf.Nodes;

/// <summary>Something that is tidied up in any case: when it is disposed, or when this process ends before that, by Ctrl+C say.</summary>
internal sealed class AtExit : IDisposable
{
    private static readonly ConcurrentDictionary<AtExit, Action> All = [];

    // Kept: a registration that is collected is none.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    static AtExit() => AppDomain.CurrentDomain.ProcessExit += (_, _) => TidyUp();

    /// <summary>Begins to look after something.</summary>
    /// <param name="tidyUp">What is done, once. At the end of the process nobody hears of what it throws.</param>
    public AtExit(Action tidyUp) => All[this] = tidyUp;

    /// <summary>Has Ctrl+C and a request to terminate end this process by its own exit; since .NET 10 the system ends it, and nothing is tidied up.</summary>
    public static void OnSignals()
    {
        foreach (var (signal, code) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGINT, 130), (PosixSignal.SIGTERM, 143)])
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Environment.Exit(code);
            }));
        }
    }

    /// <summary>Does it now, unless it was done.</summary>
    public void Dispose()
    {
        if (All.TryRemove(this, out var tidyUp))
        {
            tidyUp();
        }
    }

    private static void TidyUp()
    {
        foreach (var one in All.Keys)
        {
            try
            {
                one.Dispose();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
            {
                // A file that is still open, a process that has just ended: the others are tidied up all the same.
            }
        }
    }
}
