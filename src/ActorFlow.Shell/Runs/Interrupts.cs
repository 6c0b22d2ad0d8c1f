using System.Runtime.InteropServices;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// What asks a process to end: Ctrl+C, SIGTERM, SIGQUIT, and SIGHUP unless it is ignored, as <c>nohup</c> has it. The first cancels, the
/// second leaves at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancel;
    private readonly Action _second;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    /// <param name="second">Called on the second signal, and on each after it.</param>
    /// <param name="cancellationToken">Cancels as the first signal does.</param>
    public Interrupts(Action second, CancellationToken cancellationToken)
    {
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _second = second;
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Hears the signals of this process.</summary>
    public Interrupts Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
        {
            if (signal == PosixSignal.SIGHUP && IgnoresHangUp())
            {
                continue;
            }

            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Signal();
            }));
        }

        return this;
    }

    /// <summary>To listen to a signal is to end its being ignored; on Linux it can be seen before.</summary>
    private static bool IgnoresHangUp()
    {
        const string Ignored = "SigIgn:";
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
            return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & 1) != 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A signal has come.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            _second();
            return;
        }

        // Not on the signal's thread: whoever is told may take its time, and the second signal must get through.
        _ = Task.Run(_cancel.Cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _cancel.Dispose();
    }
}
