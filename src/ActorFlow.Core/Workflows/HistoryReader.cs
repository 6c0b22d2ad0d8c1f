using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// Turns the journal of one run into lines for people. It replays the events from the first on, so that every
/// path is exact: an event names its execution by numbers alone.
/// </summary>
/// <param name="plan">The plan of the run.</param>
internal sealed class HistoryReader(WorkflowPlan plan)
{
    private WorkflowState _state = WorkflowState.Initial(plan);

    /// <summary>Gives the lines of the next commit. The first commit to be read is the one that started the run.</summary>
    /// <param name="commit">The commit.</param>
    /// <exception cref="InvalidOperationException">The commit cannot follow those read before.</exception>
    public ImmutableArray<HistoryEvent> Read(WorkflowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var lines = ImmutableArray.CreateBuilder<HistoryEvent>();
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
