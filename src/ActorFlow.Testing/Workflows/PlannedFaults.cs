namespace ActorFlow.Testing.Workflows;

/// <summary>The faults that a test plans: handlers that fail, workers that are lost, crashes after a commit.</summary>
internal sealed class PlannedFaults
{
    private readonly Dictionary<string, Queue<HandlerFailure>> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _losses = new(StringComparer.Ordinal);

    /// <summary>After how many further commits the node crashes; null means that it does not.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>Whether it crashes after every commit.</summary>
    public bool CrashesAlways { get; set; }

    /// <summary>Whether the node crashes after that commit.</summary>
    public bool CrashAt(int commit) => commit == CrashAfter || CrashesAlways;

    public void FailNext(string handler, HandlerFailure failure)
    {
        if (!_failures.TryGetValue(handler, out var failures))
        {
            _failures[handler] = failures = new();
        }

        failures.Enqueue(failure);
    }

    public void LoseNext(string handler) => _losses[handler] = _losses.GetValueOrDefault(handler) + 1;

    public HandlerFailure? TakeFailure(string handler) =>
        _failures.TryGetValue(handler, out var failures) && failures.TryDequeue(out var asked) ? asked : null;

    public bool TakeLoss(string handler)
    {
        var losses = _losses.GetValueOrDefault(handler);
        _losses[handler] = Math.Max(0, losses - 1);
        return losses > 0;
    }
}
