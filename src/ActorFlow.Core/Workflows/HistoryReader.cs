using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// Turns the journal of one run into lines for people. The events are replayed beside the reading, from the first on, so that every
/// path is exact: an event names its execution by numbers alone.
/// </summary>
/// <param name="plan">What the run runs.</param>
public sealed class HistoryReader(WorkflowPlan plan)
{
    private WorkflowState _state = WorkflowState.Initial(plan);

    /// <summary>The lines of the next commit. The first commit to be read is the one that started the run.</summary>
    /// <param name="commit">The commit.</param>
    /// <exception cref="InvalidOperationException">It cannot follow those read before.</exception>
    public ImmutableArray<HistoryLine> Read(WorkflowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var lines = ImmutableArray.CreateBuilder<HistoryLine>();
        foreach (var @event in commit.Events)
        {
            // One at a time: an execution may be gone, or be there at last, within the commit.
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
    /// <summary>The path of the task, elements and iterations included; none: the run as a whole.</summary>
    public string? Task { get; init; }

    /// <summary>The task's name for people; none: it has none, or there is no task.</summary>
    public string? Title { get; init; }

    /// <summary>Which attempt, from 1; none: there is none to name.</summary>
    public int? Attempt { get; init; }

    /// <summary>When the wait that began ends, or gives up; none: no wait began, or it never ends by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The input, output, signal or options that were recorded; none: there was no value.</summary>
    public Payload? Value { get; init; }
}
