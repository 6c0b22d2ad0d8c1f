using System.Runtime.InteropServices;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// The signals that ask a process to end: Ctrl+C, SIGTERM, SIGQUIT, and SIGHUP unless it is ignored, as <c>nohup</c> has it. The first cancels, the
/// second ends the process at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancel;
    private readonly Action _second;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    /// <param name="second">Called on the second signal, and on each after it.</param>
    /// <param name="cancellationToken">Has the effect of the first signal when it is cancelled.</param>
    public Interrupts(Action second, CancellationToken cancellationToken)
    {
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _second = second;
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Listens to the signals of this process; listening already, it changes nothing.</summary>
    public Interrupts Listen()
    {
        if (_registrations.Count > 0)
        {
            return this;
        }

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

    /// <summary>Whether the process ignores SIGHUP, which listening would end; this can be read on Linux only.</summary>
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

    /// <summary>Handles a signal.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            _second();
            return;
        }

        // Not on the signal's thread: a callback may take long, and the second signal must still be handled.
        _ = Task.Run(_cancel.Cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _cancel.Dispose();
    }
}
