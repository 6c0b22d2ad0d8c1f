namespace ActorFlow.Runtime.Workflows;

/// <summary>The phase of a run's actor. A phase is followed only by a later one, except for <see cref="Parking"/>.</summary>
internal enum RunPhase
{
    /// <summary>It reads its journal.</summary>
    Recovering,

    /// <summary>It takes commands.</summary>
    Active,

    /// <summary>It only waits, and leaves memory once its checkpoint is stored. A command or a query makes it <see cref="Active"/> again.</summary>
    Parking,

    /// <summary>It tells the index that it may be purged, and then leaves. Messages that arrive are kept for the actor that follows it.</summary>
    Settling,

    /// <summary>It has asked its shard to stop it. Messages that arrive go back to the shard.</summary>
    Passivating,

    /// <summary>Its shard stops it on request: it stops once nothing is being written.</summary>
    Stopping,

    /// <summary>Its shard moves, or the node leaves: it stops once nothing is being written, and waiting messages go where the run continues.</summary>
    HandingOver,
}

/// <summary>What the actor of a run waits for before it takes the next command.</summary>
internal enum PendingStep
{
    /// <summary>It waits for nothing.</summary>
    None,

    /// <summary>The journal, and the definition of its run.</summary>
    Recovery,

    /// <summary>The write of a decision.</summary>
    Write,

    /// <summary>The definition of a run that is to start.</summary>
    Definition,

    /// <summary>The answer whether the id is that of a purged run.</summary>
    Tombstone,

    /// <summary>The hold that keeps a closed run from being purged.</summary>
    Hold,

    /// <summary>The state that a fork begins from.</summary>
    ForkSource,
}
