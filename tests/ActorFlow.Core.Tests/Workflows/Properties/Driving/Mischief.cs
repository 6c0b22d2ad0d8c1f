namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>
/// What goes wrong between a run and its workers without changing what the workers do: of a hundred opportunities, how many are taken.
/// </summary>
internal sealed record Mischief(ulong Seed)
{
    public static readonly Mischief None = new(0);

    /// <summary>After a write the process dies, and a new one recovers from the journal.</summary>
    public int Crashes { get; init; }

    /// <summary>The process dies before a write; what led to it is told again.</summary>
    public int LostWrites { get; init; }

    /// <summary>Reports arrive that do not concern the current attempt.</summary>
    public int StaleReports { get; init; }

    /// <summary>A worker is lost, or gives its attempt back, and another takes over.</summary>
    public int LostWorkers { get; init; }

    /// <summary>A report arrives again.</summary>
    public int Duplicates { get; init; }

    /// <summary>Whoever recovers starts handlers again from the beginning, so that everything takes another time.</summary>
    public bool RestartsHandlers { get; init; }

    /// <summary>Results arrive before a decision that was too large for one step has been taken to its end.</summary>
    public int Interleaving { get; init; }

    /// <summary>What is due is noticed late; the clock goes back afterwards.</summary>
    public int LateTicks { get; init; }

    /// <summary>Whoever recovers does so from a checkpoint, and replays only what came after it.</summary>
    public int Checkpoints { get; init; }

    /// <summary>The run is paused, and some time later resumed.</summary>
    public int Pauses { get; init; }

    /// <summary>The run is taken back to where it stood before, while it works and after its end; at most three times.</summary>
    public int Rewinds { get; init; }

    /// <summary>How often a run that failed is retried.</summary>
    public int Retries { get; init; }

    /// <summary>Live state and replayed state are compared after every write.</summary>
    public bool ComparesReplay { get; init; }

    /// <summary>All of it at once.</summary>
    public static Mischief All(ulong seed) => new(seed) { Crashes = 15, LostWrites = 10, StaleReports = 30, LostWorkers = 25, Duplicates = 30, Checkpoints = 30 };
}

/// <summary>A small generator of its own, so that a seed means the same everywhere.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public bool Chance(int percent) => percent > 0 && Roll(100) < percent;

    public int Roll(int sides) => (int)(Next() % (ulong)sides);

    public T Pick<T>(IReadOnlyList<T> options) => options[Roll(options.Count)];

    // SplitMix64.
    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
