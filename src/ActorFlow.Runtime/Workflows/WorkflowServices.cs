using System.Collections.Concurrent;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>What the actors of runs work with; one per node.</summary>
/// <param name="Queues">The way to the task queues: their shard region.</param>
/// <param name="Plans">The definitions.</param>
/// <param name="FreshIds">Ids that this node has just made up.</param>
/// <param name="Observer">Sees what is recorded.</param>
/// <param name="Clock">The time.</param>
/// <param name="Roll">A random number, 0 to 1.</param>
public sealed record WorkflowServices(
    IActorRef Queues, PlanCache Plans, FreshIds FreshIds, IRunObserver Observer, TimeProvider Clock, Func<double> Roll)
{
    /// <summary>The way to the runs: their shard region. What reaches an actor too late goes back there.</summary>
    public IActorRef Runs { get; init; } = ActorRefs.Nobody;

    /// <summary>Takes the rows of runs for the index: the node's <see cref="Index.IndexWriter"/>. By default nobody does, nor answers.</summary>
    public IActorRef IndexWriter { get; init; } = ActorRefs.Nobody;

    /// <summary>The index, for what cannot wait: tombstones, and runs that are stuck. None: there is none.</summary>
    public IWorkflowIndex? Index { get; init; }

    /// <summary>The definitions that were registered. None: no definition is found by its name.</summary>
    public DefinitionCatalog? Definitions { get; init; }

    /// <summary>The checkpoints that the store keeps. None: a past state is found from the journal alone.</summary>
    public ICheckpointCatalog? Checkpoints { get; init; }

    /// <summary>
    /// Whether the index is asked for a tombstone before any start, because the journal does not tell that an id was used. The default
    /// is no.
    /// </summary>
    public bool AsksForTombstones { get; init; }

    /// <summary>For how long runs that have ended are kept, at least; zero means for good. The default is zero.</summary>
    public TimeSpan Retention { get; init; }

    /// <summary>For how long a run that only waits stays in memory. The default is 10 s.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Persistence ids of runs whose checkpoints lead nowhere: they are read back from all their events.</summary>
    internal ConcurrentDictionary<string, byte> WithoutCheckpoints { get; } = new(StringComparer.Ordinal);

    /// <summary>What runs wait for by the wall clock.</summary>
    internal LongWaits LongWaits { get; } = new(Clock);

    /// <summary>When a run logs that the store could not write.</summary>
    internal OncePerMinute SaysWriteFailure { get; } = new(Clock);

    /// <summary>Runs that could not be read back, for whoever asks about one of them.</summary>
    internal StuckRuns Stuck { get; init; } = new();

    /// <summary>Whether the node hands its runs and queues over: nothing new is sent, which would only wait for what stops.</summary>
    public Func<bool> IsLeaving { get; init; } = static () => false;

    /// <summary>Whether there is another node that runs can go to.</summary>
    public Func<bool> HasSuccessor { get; init; } = static () => true;
}

/// <summary>Tells a run's actor to leave memory once nothing is being written. Also what sharding sends before a hand-off.</summary>
public sealed record StopWorkflow
{
    /// <summary>The one value.</summary>
    public static readonly StopWorkflow Instance = new();
}

/// <summary>How persistence ids are made.</summary>
public static class PersistenceIds
{
    /// <summary>The persistence id of a run.</summary>
    public static string Of(string workflowId) => "wf-" + workflowId;
}
