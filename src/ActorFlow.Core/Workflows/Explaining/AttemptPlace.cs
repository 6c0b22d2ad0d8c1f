using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>Where an outstanding attempt stands, as its task queue says.</summary>
/// <param name="Attempt">The attempt.</param>
internal sealed record AttemptPlace(AttemptId Attempt)
{
    /// <summary>The worker that has it; null means that it waits in the queue.</summary>
    public string? Worker { get; init; }

    /// <summary>Since when the worker has it; null means that it waits, or that a former incarnation of the queue handed it out.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether any worker offers its handler. The default is yes.</summary>
    public bool IsOffered { get; init; } = true;

    /// <summary>The worker that offered its handler last; null means that the queue has not heard of one, or that one still offers it.</summary>
    public string? LastWorker { get; init; }

    /// <summary>When <see cref="LastWorker"/> stopped to offer it.</summary>
    public DateTimeOffset? LastOffered { get; init; }
}

/// <summary>What a task queue does at one moment.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Waiting">How many attempts wait in it.</param>
/// <param name="Running">How many attempts its workers have.</param>
/// <param name="Holders">The runs whose attempts take most of the slots, that with the most first, at most <see cref="HoldersTold"/>.</param>
internal sealed record QueueLoad(string Queue, int Waiting, int Running, ImmutableArray<SlotHolder> Holders)
{
    /// <summary>The most runs that are told: 3.</summary>
    public const int HoldersTold = 3;
}

/// <summary>A run that takes slots of a queue.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="Attempts">How many of its attempts workers have.</param>
internal readonly record struct SlotHolder(string WorkflowId, int Attempts);
