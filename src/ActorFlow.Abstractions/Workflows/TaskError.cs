using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>Why a task or a run failed.</summary>
/// <param name="Type">The error type.</param>
/// <param name="Message">What went wrong, for people.</param>
/// <param name="Task">The path of the execution that failed; empty for the run itself.</param>
public sealed record TaskError(string Type, string Message, string Task)
{
    /// <summary>The elements of a fan-out that failed, in order of index (rule 8).</summary>
    public ImmutableArray<ElementFailure> Failures { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(TaskError? other) => other is not null && Type == other.Type && Message == other.Message
        && Task == other.Task && Failures.SequenceEqual(other.Failures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Message, Task);
}

/// <summary>One failed element of a fan-out with <c>on-error: continue</c>.</summary>
public sealed record ElementFailure(int Index, string Type, string Message);
