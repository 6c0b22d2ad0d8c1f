using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Watching;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Calls a node's observer and its watchers for one run. Exceptions of the observer are logged, and do not affect the run.</summary>
internal sealed class RunObservation(string workflowId, IRunObserver observer, RunChanges changes, ILoggingAdapter log)
{
    private readonly bool _isOn = observer is not NoRunObserver;

    /// <summary>Reports that the run was recovered from its journal.</summary>
    public void Recovered(WorkflowState state)
    {
        Tell(state, static (observer, id, state, _) => observer.Recovered(id, ProgressOf(state), state), []);
        // What the run wrote last on another node may not have been told.
        changes.Publish(workflowId, state, isNew: false);
    }

    /// <summary>Reports that commits were written.</summary>
    public void Recorded(WorkflowState state, ImmutableArray<WorkflowCommit> commits)
    {
        Tell(state, static (observer, id, state, commits) => observer.Recorded(id, commits, ProgressOf(state), state), commits);
        changes.Publish(workflowId, state, isNew: true);
    }

    private void Tell(
        WorkflowState state, Action<IRunObserver, string, WorkflowState, ImmutableArray<WorkflowCommit>> tell, ImmutableArray<WorkflowCommit> commits)
    {
        if (!_isOn)
        {
            return;
        }

        try
        {
            tell(observer, workflowId, state, commits);
        }
        catch (Exception error)
        {
            log.Warning(error, "The run observer threw.");
        }
    }

    private static RunProgress ProgressOf(WorkflowState state) => state switch
    {
        WorkflowState.Open open => open.Progress,
        WorkflowState.Closed closed => closed.Progress,
        _ => default,
    };
}
