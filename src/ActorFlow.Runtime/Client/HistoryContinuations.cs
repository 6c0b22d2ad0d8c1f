namespace ActorFlow.Runtime.Client;

/// <summary>Histories that were read up to a place, for whoever asks for the next page: without them each page would be read from the first row on. Thread-safe.</summary>
internal sealed class HistoryContinuations
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Id, HistoryToken Place, RunHistory History)> _kept = [];

    /// <summary>Takes the history that ends at a place; null means that there is none.</summary>
    public RunHistory? Take(string id, HistoryToken place)
    {
        lock (_gate)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Id == id && node.Value.Place == place)
                {
                    _kept.Remove(node);
                    return node.Value.History;
                }
            }
        }

        return null;
    }

    /// <summary>Keeps a history, in place of the one that was kept first if there are too many.</summary>
    public void Keep(string id, HistoryToken place, RunHistory history)
    {
        lock (_gate)
        {
            _kept.AddLast((id, place, history));
            if (_kept.Count > Most)
            {
                _kept.RemoveFirst();
            }
        }
    }
}
