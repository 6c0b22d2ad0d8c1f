using System.Collections.Immutable;
using System.Diagnostics;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>Measures what runs record, once it is durable. A replay records nothing, and so is not measured.</summary>
internal static class RunTelemetry
{
    /// <summary>The commits of one row were written.</summary>
    /// <param name="metrics">The node's instruments.</param>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="state">The state of the run after them.</param>
    /// <param name="commits">The commits.</param>
    public static void Recorded(NodeMetrics metrics, string workflowId, WorkflowState state, ImmutableArray<WorkflowCommit> commits)
    {
        var measures = metrics.WorkflowsStarted.Enabled || metrics.WorkflowsEnded.Enabled || metrics.WorkflowDuration.Enabled || metrics.AttemptsLost.Enabled;
        if (!measures && !ActorFlowTelemetry.Source.HasListeners())
        {
            return;
        }

        try
        {
            if (measures)
            {
                Count(metrics, state, commits);
            }

            if (state is WorkflowState.Closed closed && HaveClosed(commits))
            {
                Emit(workflowId, closed);
            }
        }
        catch (Exception)
        {
            // A listener threw: that must not stop the run.
        }
    }

    /// <summary>A run was read back from its journal, or could not be.</summary>
    /// <param name="metrics">The node's instruments.</param>
    /// <param name="errorType">Why it could not be; null means that it was.</param>
    public static void Recovered(NodeMetrics metrics, string? errorType)
    {
        try
        {
            if (errorType is null)
            {
                metrics.Recoveries.Add(1);
            }
            else
            {
                metrics.Recoveries.Add(1, new KeyValuePair<string, object?>(TagNames.ErrorType, errorType));
            }
        }
        catch (Exception)
        {
            // A listener threw: that must not stop the run.
        }
    }

    /// <summary>The status of a run that has ended, as lists show it.</summary>
    public static string StatusOf(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Completed => "completed",
        RunOutcome.Failed => "failed",
        RunOutcome.Cancelled => "cancelled",
        _ => "terminated",
    };

    private static void Count(NodeMetrics metrics, WorkflowState state, ImmutableArray<WorkflowCommit> commits)
    {
        var definition = new KeyValuePair<string, object?>(TagNames.Definition, DefinitionOf(state));
        foreach (var commit in commits)
        {
            foreach (var recorded in commit.Events)
            {
                switch (recorded)
                {
                    case WorkflowEvent.Started:
                        metrics.WorkflowsStarted.Add(1, definition);
                        break;
                    case WorkflowEvent.AttemptLost { Released: false }:
                        metrics.AttemptsLost.Add(1, definition);
                        break;
                    default:
                        break;
                }
            }
        }

        if (state is WorkflowState.Closed closed && HaveClosed(commits))
        {
            var status = new KeyValuePair<string, object?>(TagNames.Status, StatusOf(closed.Outcome));
            if (closed.Error is { } error)
            {
                metrics.WorkflowsEnded.Add(1, definition, status, new(TagNames.ErrorType, error.Type));
            }
            else
            {
                metrics.WorkflowsEnded.Add(1, definition, status);
            }

            metrics.WorkflowDuration.Record((closed.ClosedAt - closed.StartedAt).TotalSeconds, definition, status);
        }
    }

    private static string DefinitionOf(WorkflowState state) => state switch
    {
        WorkflowState.Open open => open.Definition.Name,
        WorkflowState.Closed closed => closed.Definition.Name,
        _ => string.Empty,
    };

    /// <summary>Whether the last event of a row ended the run: nothing follows one that does.</summary>
    private static bool HaveClosed(ImmutableArray<WorkflowCommit> commits) =>
        commits is [.., { Events: [.., WorkflowEvent.Completed or WorkflowEvent.Failed or WorkflowEvent.Cancelled or WorkflowEvent.Terminated] }];

    /// <summary>Emits the span of a run that has ended: only then is it known whole, on whatever node that is.</summary>
    private static void Emit(string workflowId, WorkflowState.Closed closed)
    {
        // An actor may run in the context of whoever sent it a message.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            using var span = ActorFlowTelemetry.Source.StartActivity(
                SpanNames.Run, ActivityKind.Internal, TraceContexts.ToParent(closed.Trace), startTime: closed.StartedAt);
            if (span is null)
            {
                return;
            }

            span.DisplayName = closed.Definition.Name;
            span.SetTag(TagNames.WorkflowId, workflowId);
            span.SetTag(TagNames.RunId, closed.RunId.ToString("n"));
            span.SetTag(TagNames.Definition, closed.Definition.Name);
            span.SetTag(TagNames.DefinitionVersion, closed.Definition.Version);
            span.SetTag(TagNames.Status, StatusOf(closed.Outcome));
            if (closed.Error is { } error)
            {
                span.SetTag(TagNames.ErrorType, error.Type);
                span.SetStatus(ActivityStatusCode.Error, error.Message);
            }

            span.SetEndTime(closed.ClosedAt.UtcDateTime);
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
