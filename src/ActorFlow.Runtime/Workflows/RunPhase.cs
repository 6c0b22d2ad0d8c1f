namespace ActorFlow.Runtime.Workflows;

/// <summary>Where the actor of a run is in its life. It goes on from one phase to a later one only, but for <see cref="Parking"/>.</summary>
internal enum RunPhase
{
    /// <summary>It reads its journal back.</summary>
    Recovering,

    /// <summary>It takes commands.</summary>
    Active,

    /// <summary>It only waits, and leaves memory once its checkpoint is stored. Whatever arrives makes it <see cref="Active"/> again.</summary>
    Parking,

    /// <summary>It tells the index that it may be purged, and leaves then. What arrives is kept for the actor that comes after it.</summary>
    Settling,

    /// <summary>It has asked its shard to be stopped. What arrives goes back to the shard.</summary>
    Passivating,

    /// <summary>Its shard stops it, as it asked: it stops once nothing is being written.</summary>
    Stopping,

    /// <summary>Its shard moves, or the node leaves: it stops once nothing is being written, and what waits for it goes where the run goes on.</summary>
    HandingOver,
}

/// <summary>What the actor of a run waits for before it takes the next command.</summary>
internal enum PendingStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The journal, and the definition of the run that it tells of.</summary>
    Recovery,

    /// <summary>The write of what was decided.</summary>
    Write,

    /// <summary>The definition of a run that is to start.</summary>
    Definition,

    /// <summary>Whether the id is that of a run that was purged.</summary>
    Tombstone,

    /// <summary>That a run that has ended is not purged meanwhile.</summary>
    Hold,

    /// <summary>The state that a fork goes on from.</summary>
    ForkSource,
}
