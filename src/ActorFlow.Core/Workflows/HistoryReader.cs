using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// Turns the journal of one run into lines for people. It replays the events from the first on, so that every
/// path is exact: an event names its execution by numbers alone.
/// </summary>
/// <param name="plan">The plan of the run.</param>
public sealed class HistoryReader(WorkflowPlan plan)
{
    private WorkflowState _state = WorkflowState.Initial(plan);

    /// <summary>Gives the lines of the next commit. The first commit to be read is the one that started the run.</summary>
    /// <param name="commit">The commit.</param>
    /// <exception cref="InvalidOperationException">The commit cannot follow those read before.</exception>
    public ImmutableArray<HistoryLine> Read(WorkflowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var lines = ImmutableArray.CreateBuilder<HistoryLine>();
        foreach (var @event in commit.Events)
        {
            // One event at a time: an execution may begin or end within the commit.
            var next = WorkflowDecider.Evolve(_state, commit with { CommandId = null, Events = [@event] });
            lines.AddRange(new EventText(commit.At, _state, next).Of(@event));
            _state = next;
        }

        return lines.DrainToImmutable();
    }
}

/// <summary>One line of a run's history.</summary>
/// <param name="At">When it was recorded.</param>
/// <param name="Event">What happened, a stable word for programs: <c>attempt-started</c>, <c>asked</c>, <c>rewound</c>.</param>
/// <param name="Text">The rest of it, for people; may be empty.</param>
public sealed record HistoryLine(DateTimeOffset At, string Event, string Text)
{
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
