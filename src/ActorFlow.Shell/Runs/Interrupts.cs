using System.Runtime.InteropServices;

namespace ActorFlow.Shell.Runs;

/// <summary>Ctrl+C and SIGTERM: the first cancels, the second leaves at once.</summary>
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
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Signal();
            }));
        }

        return this;
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
