using System.Text.RegularExpressions;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Testing.Workflows;

/// <summary>The events of a run from its journal, with their paths.</summary>
internal static partial class RunEvents
{
    public static IEnumerable<RunEvent> Of(LiveRun run)
    {
        var journal = run.Journal;
        return Of(run.Plan, Enumerable.Range(1, (int)journal.Sequence).Select(sequence => ((long)sequence, journal.Read(sequence))));
    }

    public static IEnumerable<RunEvent> Of(WorkflowPlan plan, IEnumerable<(long Sequence, WorkflowCommit Commit)> commits)
    {
        var paths = new RunPaths(plan);
        foreach (var (sequence, commit) in commits)
        {
            foreach (var @event in commit.Events)
            {
                paths.Follow(@event);
                foreach (var told in Told(@event))
                {
                    yield return new(sequence, commit.At, KindOf(told), TaskOf(told, paths), told);
                }
            }
        }
    }

    /// <summary>Splits attempts that started together into one event each.</summary>
    private static IEnumerable<WorkflowEvent> Told(WorkflowEvent @event) => @event is WorkflowEvent.AttemptsStarted { Attempts: { Length: > 1 } attempts }
        ? attempts.Select(attempt => new WorkflowEvent.AttemptsStarted([attempt]))
        : [@event];

    private static string TaskOf(WorkflowEvent @event, RunPaths paths) => @event switch
    {
        WorkflowEvent.TaskSkipped e => paths.PathOf(e.Scope, e.Task),
        WorkflowEvent.TaskFailed e => paths.PathOf(e.Scope, e.Task),
        WorkflowEvent.TaskReady e => paths.PathOf(e.Scope, e.Task),
        WorkflowEvent.FanOutOpened e => paths.PathOf(e.Scope, e.Task),
        WorkflowEvent.ScopeTimedOut { Scope: > 0 } e => paths.Scope(e.Scope).Prefix.TrimEnd('/'),
        _ => TaskExecutionOf(@event) is { } execution ? paths.PathOf(execution) : string.Empty,
    };

    public static TaskExecutionId? TaskExecutionOf(WorkflowEvent @event) => @event switch
    {
        WorkflowEvent.AttemptsStarted e => e.Attempts[0].Execution,
        WorkflowEvent.DelayStarted e => e.Execution,
        WorkflowEvent.GroupOpened e => e.Execution,
        WorkflowEvent.TaskExecutionCompleted e => e.Execution,
        WorkflowEvent.TaskExecutionFailed e => e.Execution,
        WorkflowEvent.TaskExecutionCancelled e => e.Execution,
        WorkflowEvent.AttemptFailed e => e.Execution,
        WorkflowEvent.AttemptLost e => e.Execution,
        WorkflowEvent.AttemptCancelled e => e.Execution,
        WorkflowEvent.WaitEnded e => e.Execution,
        WorkflowEvent.DeadlinePassed e => e.Execution,
        WorkflowEvent.SignalAwaited e => e.Execution,
        WorkflowEvent.QuestionAsked e => e.Execution,
        WorkflowEvent.ChildRequested e => e.Execution,
        WorkflowEvent.ChildResolved e => e.Execution,
        WorkflowEvent.ChildTimedOut e => e.Execution,
        _ => null,
    };

    private static string KindOf(WorkflowEvent @event) => Words().Replace(@event.GetType().Name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<=.)[A-Z]")]
    private static partial Regex Words();
}
