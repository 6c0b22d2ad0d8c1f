using System.Collections.Immutable;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>What a check of a data directory found.</summary>
/// <param name="File">The database.</param>
/// <param name="SchemaVersion">The version of its tables.</param>
/// <param name="Bytes">What it takes on disk, its log included.</param>
/// <param name="FreeBytes">How much of that holds nothing any more: compacting gives it back.</param>
internal sealed record DatabaseReport(string File, int SchemaVersion, long Bytes, long FreeBytes)
{
    /// <summary>How many runs have a row in the journal.</summary>
    public long Runs { get; init; }

    /// <summary>How many rows the journal has, those of the cluster's own actors included.</summary>
    public long Rows { get; init; }

    /// <summary>How many events the rows of the runs hold.</summary>
    public long Events { get; init; }

    /// <summary>How many snapshots there are.</summary>
    public long Snapshots { get; init; }

    /// <summary>How many payloads are stored beside events and snapshots.</summary>
    public long Payloads { get; init; }

    /// <summary>How many definitions there are.</summary>
    public long Definitions { get; init; }

    /// <summary>The runs of which something cannot be read, in the order of their ids.</summary>
    public ImmutableArray<DamagedRun> DamagedRuns { get; init; } = [];

    /// <summary>What else is wrong: of the file, its indexes, or of what belongs to no run.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Whether everything could be read.</summary>
    public bool IsSound => DamagedRuns.IsEmpty && Problems.IsEmpty;
}

/// <summary>A run of which something cannot be read.</summary>
/// <param name="Id">The run.</param>
/// <param name="Problems">What, one line each.</param>
internal sealed record DamagedRun(string Id, ImmutableArray<string> Problems);
