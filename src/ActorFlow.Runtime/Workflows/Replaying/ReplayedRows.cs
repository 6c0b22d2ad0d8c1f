namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Whether a recovery was given all rows of the journal: a run that is purged just then leaves only some of them to be read.</summary>
internal struct ReplayedRows
{
    private long _last;
    private bool _hasGap;

    /// <summary>The recovery begins behind a row.</summary>
    public void Begin(long sequence) => _last = sequence;

    /// <summary>The next row.</summary>
    public void Note(long sequence)
    {
        _hasGap |= _last > 0 && sequence != _last + 1;
        _last = sequence;
    }

    /// <summary>Whether all rows up to the last of the journal were there, from the first one given.</summary>
    public readonly bool AreWhole(long last) => !_hasGap && _last == last;
}
