using System.Collections.Concurrent;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>The services of the runs' actors; one instance per node.</summary>
/// <param name="Queues">The shard region of the task queues.</param>
/// <param name="Plans">The definitions.</param>
/// <param name="FreshIds">Ids that this node has just generated.</param>
/// <param name="Observer">Observes what runs record.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Roll">Gives a random number from 0 to 1.</param>
internal sealed record WorkflowServices(
    IActorRef Queues, PlanCache Plans, FreshIds FreshIds, IRunObserver Observer, TimeProvider Clock, Func<double> Roll)
{
    /// <summary>The shard region of the runs. Messages that reach an actor too late go back there.</summary>
    public IActorRef Runs { get; init; } = ActorRefs.Nobody;

    /// <summary>Receives the index rows of runs: the node's <see cref="Index.IndexWriter"/>. The default drops them without an answer.</summary>
    public IActorRef IndexWriter { get; init; } = ActorRefs.Nobody;

    /// <summary>The index, for what cannot wait: tombstones, and runs that are stuck. Null means that there is no index.</summary>
    public IWorkflowIndex? Index { get; init; }

    /// <summary>Tells watchers of changes of runs. The default has none.</summary>
    internal Watching.RunChanges Changes { get; init; } = new(Telemetry.NodeMetrics.None);

    /// <summary>The registered definitions. Null means that no definition is found by its name.</summary>
    public DefinitionCatalog? Definitions { get; init; }

    /// <summary>The checkpoints that the store keeps. Null means that past states are computed from the journal alone.</summary>
    public ICheckpointCatalog? Checkpoints { get; init; }

    /// <summary>
    /// Whether the index is asked for a tombstone before any start, because the journal does not show that an id was used. The default
    /// is false.
    /// </summary>
    public bool AsksForTombstones { get; init; }

    /// <summary>How long closed runs are kept, at least; zero, the default, means for ever.</summary>
    public TimeSpan Retention { get; init; }

    /// <summary>How long a run that only waits stays in memory. The default is 10 s.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The instruments of the node.</summary>
    internal NodeMetrics Metrics { get; init; } = NodeMetrics.None;

    /// <summary>Persistence ids of runs with unusable checkpoints: they are recovered from all their events.</summary>
    internal ConcurrentDictionary<string, byte> WithoutCheckpoints { get; } = new(StringComparer.Ordinal);

    /// <summary>The long waits of runs by the wall clock.</summary>
    internal LongWaits LongWaits { get; } = new(Clock);

    /// <summary>Limits how often runs log that the store could not write.</summary>
    internal OncePerMinute SaysWriteFailure { get; } = new(Clock);

    /// <summary>Runs that could not be recovered, for requests about them.</summary>
    internal StuckRuns Stuck { get; init; } = new();

    /// <summary>Whether the node hands over its runs and queues: nothing new is sent then, since it would only wait for actors that stop.</summary>
    public Func<bool> IsLeaving { get; init; } = static () => false;

    /// <summary>Whether there is another node that runs can go to.</summary>
    public Func<bool> HasSuccessor { get; init; } = static () => true;
}

/// <summary>Tells a run's actor to leave memory once nothing is being written. Sharding also sends it before a hand-over.</summary>
internal sealed record StopWorkflow
{
    /// <summary>The only instance.</summary>
    public static readonly StopWorkflow Instance = new();
}

/// <summary>Makes persistence ids.</summary>
internal static class PersistenceIds
{
    /// <summary>The persistence id of a run.</summary>
    public static string Of(string workflowId) => "wf-" + workflowId;
}
