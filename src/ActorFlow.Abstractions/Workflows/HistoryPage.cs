using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>One event of a run's history, as people read it.</summary>
/// <param name="At">When it was recorded.</param>
/// <param name="Event">What happened, a stable word for programs: <c>attempt-started</c>, <c>asked</c>, <c>rewound</c>.</param>
/// <param name="Text">The rest of it, for people; may be empty.</param>
public sealed record HistoryEvent(DateTimeOffset At, string Event, string Text)
{
    /// <summary>Its place in the history: <c>runId.row.index</c>. The next event of the run has a later one.</summary>
    public HistoryToken Token { get; init; }

    /// <summary>The path of the task, elements and iterations included; null means the run as a whole.</summary>
    public string? Task { get; init; }

    /// <summary>The task's name for people; null means that it has none, or that there is no task.</summary>
    public string? Title { get; init; }

    /// <summary>The number of the attempt, from 1; null means that the line is not about an attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>When the wait that began ends or times out; null means that no wait began, or that it has no end of its own.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The input, output, signal or options that were recorded; null means that there was no value.</summary>
    public Payload? Value { get; init; }
}

/// <summary>A page of a run's history.</summary>
/// <param name="Items">The events, in order.</param>
/// <param name="Next">The place to read on from: that of the last event that was read. It stays the same if there was nothing to read.</param>
/// <param name="IsLast">Whether the history had no further event when it was read.</param>
public sealed record HistoryPage(ImmutableArray<HistoryEvent> Items, HistoryToken Next, bool IsLast);
