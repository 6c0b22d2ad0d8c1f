namespace ActorFlow.Runtime.Telemetry;

/// <summary>Measures how many writes a store commits together, for the node that uses the store.</summary>
internal sealed class BatchMeter
{
    private volatile NodeMetrics _metrics = NodeMetrics.None;

    /// <summary>Measures for a node from now on.</summary>
    public void Attach(NodeMetrics metrics) => _metrics = metrics;

    /// <summary>The node has stopped.</summary>
    public void Detach(NodeMetrics metrics)
    {
        if (_metrics == metrics)
        {
            _metrics = NodeMetrics.None;
        }
    }

    /// <summary>Notes one transaction.</summary>
    /// <param name="writes">How many writes it held.</param>
    public void Note(int writes)
    {
        try
        {
            if (writes > 0)
            {
                _metrics.JournalBatchSize.Record(writes);
            }
        }
        catch (Exception)
        {
            // A listener threw: that must not end the thread that writes.
        }
    }
}
