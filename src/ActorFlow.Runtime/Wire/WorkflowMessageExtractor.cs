using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Tasks;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Wire;

/// <summary>Which run, and so which shard, a message goes to. The number of shards never changes once a cluster has run.</summary>
internal sealed class WorkflowMessageExtractor() : HashCodeMessageExtractor(ShardCounts.Workflows)
{
    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as IWorkflowMessage)?.WorkflowId;
}

/// <summary>Which task queue a message goes to.</summary>
internal sealed class TaskQueueMessageExtractor() : HashCodeMessageExtractor(ShardCounts.TaskQueues)
{
    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as ITaskQueueMessage)?.Queue;
}

/// <summary>Which name of a definition a message is about.</summary>
internal sealed class DefinitionMessageExtractor() : HashCodeMessageExtractor(ShardCounts.Definitions)
{
    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as IDefinitionMessage)?.Name;
}

/// <summary>How many shards there are: about ten times the nodes of a large cluster, and frozen.</summary>
internal static class ShardCounts
{
    /// <summary>For runs.</summary>
    public const int Workflows = 30;

    /// <summary>For task queues.</summary>
    public const int TaskQueues = 30;

    /// <summary>For names of definitions.</summary>
    public const int Definitions = 30;
}
