using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Testing.Workflows;

/// <summary>Describes what a run waits for.</summary>
internal static class Waits
{
    public static ImmutableArray<string> Of(LiveRun run, TestNode node)
    {
        if (run.State is not WorkflowState.Open open)
        {
            return [];
        }

        var waits = ImmutableArray.CreateBuilder<string>();
        if (open.IsPaused)
        {
            waits.Add("an end of its pause (ResumeAsync)");
        }

        waits.AddRange(MissingHandlers(run, node));
        waits.AddRange(open.Outstanding.Where(execution => open.OrderFor(execution) is null && open.WithdrawnFor(execution) is null).Select(
            execution => $"somebody to look into attempt {open.AttemptOf(execution).Number} of a task that was lost {Limits.LossesInARow} times in a row with its worker"));
        waits.AddRange(Signals(run, open.ToImage()).Distinct().Select(name => $"a signal '{name}' (SignalAsync)"));
        waits.AddRange(open.Questions.Select(question => $"an answer to '{question.Task}' ({question.Kind.ToString().ToLowerInvariant()}: {question.Prompt}) (AnswerAsync)"));
        waits.AddRange(node.Running.Where(attempt => attempt.WorkflowId == run.Id).Select(
            attempt => $"the handler '{attempt.Order.Handler}', which runs for {attempt.Order.Path}"));
        foreach (var id in ChildrenOf(open))
        {
            var child = node.Find(id) is { } live ? Of(live, node) : [];
            waits.Add(child.IsEmpty ? $"the child '{id}'" : $"the child '{id}', which waits for {string.Join("; for ", child)}");
        }

        if (open.NextDue is { } due)
        {
            waits.Add($"the time {due:u} (AdvanceAsync)");
        }

        return waits.DrainToImmutable();
    }

    /// <summary>The handlers that the run, or a child of it, needs now and no worker has.</summary>
    public static IEnumerable<string> MissingHandlers(LiveRun run, TestNode node, bool withChildren = false)
    {
        var own = node.Unserved.Where(attempt => attempt.WorkflowId == run.Id).Select(
            attempt => $"a worker that offers '{attempt.Order.Handler}', for {attempt.Order.Path} (AddTask; there are: {string.Join(", ", node.Handlers.Names)})");
        var inherited = withChildren && run.State is WorkflowState.Open open
            ? ChildrenOf(open).Select(node.Find).OfType<LiveRun>().SelectMany(child => MissingHandlers(child, node, withChildren: true))
            : [];
        return own.Concat(inherited).Distinct();
    }

    private static IEnumerable<string> ChildrenOf(WorkflowState.Open open) =>
        open.Children.Select(open.ChildFor).OfType<ChildOrder>().Select(child => child.ChildId).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Signals(LiveRun run, RunImage image)
    {
        var plans = new Dictionary<int, ScopePlan> { [0] = run.Plan.Root };
        foreach (var scope in image.Scopes)
        {
            if (scope.Id != 0)
            {
                plans[scope.Id] = ((TaskExecutionPlan.Group)plans[scope.Owner.Scope].Tasks[scope.Owner.Task].Execution).Scope;
            }

            foreach (var (plan, task) in plans[scope.Id].Tasks.Zip(scope.Tasks))
            {
                var executions = task.Fan is { } fan ? fan.Elements : task.Execution is { } execution ? [execution] : [];
                if (plan.Execution is TaskExecutionPlan.Signal signal && executions.Any(execution => execution.Phase == TaskExecutionPhase.AwaitingSignal))
                {
                    yield return signal.Name;
                }
            }
        }
    }
}
