using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks ids, <c>needs</c> and <c>join</c> of a scope, and that no tasks wait for each other.</summary>
internal sealed class NeedsCheck(Scope scope, Findings findings)
{
    private readonly HashSet<Need> _needed = [];

    /// <summary>Fills <see cref="Scope.Needs"/>.</summary>
    public NeedsGraph Run()
    {
        for (var i = 0; i < scope.Tasks.Length; i++)
        {
            CheckId(i);
            CheckJoin(i);
            var needs = new HashSet<int>();
            foreach (var need in scope.Tasks[i].Needs)
            {
                if (Resolve(i, need) is { } index)
                {
                    needs.Add(index);
                    _needed.Add(need);
                }
            }

            scope.Needs[i] = [.. needs];
        }

        var graph = new NeedsGraph(scope.Needs);
        foreach (var cycle in graph.Cycles)
        {
            ReportCycle(cycle);
        }

        return graph;
    }

    /// <summary>Warns of cases that no task needs, unless a task needs the whole switch or an expression reads its output.</summary>
    public void WarnOfUnusedCases()
    {
        for (var i = 0; i < scope.Tasks.Length; i++)
        {
            var task = scope.Tasks[i];
            if (task.Kind is not TaskKind.Switch chosen || scope.IsRead[i] || _needed.Contains(new(task.Id, null)))
            {
                continue;
            }

            for (var c = 0; c < chosen.Cases.Length; c++)
            {
                if (!_needed.Contains(new(task.Id, chosen.Cases[c].Label)))
                {
                    findings.Warning(
                        DefinitionCodes.UnusedCase,
                        scope.PathOf(i)["switch"][c]["case"],
                        $"nobody needs {Excerpt.Of($"{task.Id}.{chosen.Cases[c].Label}")}");
                }
            }
        }
    }

    private void CheckId(int task)
    {
        var id = scope.Tasks[task].Id;
        if (!Identifiers.IsTaskId(id))
        {
            findings.Error(
                DefinitionCodes.BadId, scope.PathOf(task), $"{Excerpt.Of(id)} is no task id: a letter or `_`, then letters, digits, `_` or `-`, 100 at most", atKey: true);
        }

        if (scope.TryFind(id, out var first) && first != task)
        {
            findings.Error(DefinitionCodes.DuplicateId, scope.PathOf(task), $"the task id {Excerpt.Of(id)} is taken already in this scope", atKey: true);
        }
    }

    private void CheckJoin(int index)
    {
        var task = scope.Tasks[index];
        if (task.Join.Count < 0 || task.Join.Count > task.Needs.Length)
        {
            var message = task.Needs.IsEmpty
                ? "`join` says how many needs must complete, and there are no `needs`"
                : $"`join` must be from 1 to the number of needs, {task.Needs.Length}";
            findings.Error(DefinitionCodes.BadJoin, scope.PathOf(index)["join"], message);
        }
    }

    private int? Resolve(int task, Need need)
    {
        var path = scope.PathOf(task)["needs"].ElementOf(need.ToString());
        if (!scope.TryFind(need.Task, out var index))
        {
            var elsewhere = IsInEnclosingScope(need.Task) ? "; it is outside this group: let the group need it" : findings.Suggest(need.Task, scope.Ids);
            findings.Error(DefinitionCodes.UnknownNeed, path, $"no task {Excerpt.Of(need.Task)} in this scope{elsewhere}");
            return null;
        }

        if (index == task)
        {
            findings.Error(DefinitionCodes.SelfDependency, path, $"{Excerpt.Of(need.Task)} needs itself");
            return null;
        }

        if (need.Case is not null)
        {
            CheckCase(scope.Tasks[index], need.Case, path);
        }

        return index;
    }

    private void CheckCase(TaskDefinition target, string label, DefinitionPath path)
    {
        switch (target.Kind)
        {
            case TaskKind.Switch chosen when chosen.Cases.Any(one => one.Label == label):
            case TaskKind.Unreadable:
                break;

            case TaskKind.Switch chosen:
                var suggestion = findings.Suggest(label, chosen.Cases.Select(one => one.Label));
                findings.Error(DefinitionCodes.UnknownCase, path, $"{Excerpt.Of(target.Id)} has no case {Excerpt.Of(label)}{suggestion}");
                break;

            default:
                findings.Error(DefinitionCodes.UnknownCase, path, $"{Excerpt.Of(target.Id)} is no `switch` and has no cases");
                break;
        }
    }

    private bool IsInEnclosingScope(string id)
    {
        for (var outer = scope.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer.TryFind(id, out _))
            {
                return true;
            }
        }

        return false;
    }

    private void ReportCycle(IReadOnlyList<int> cycle)
    {
        const int Shown = 20;
        var names = cycle.Select(index => OneLine.Of(scope.Tasks[index].Id));
        var text = cycle.Count <= Shown
            ? string.Join(" -> ", names)
            : string.Join(" -> ", names.Take(Shown / 2)) + $" -> ({cycle.Count - Shown} more) -> " + string.Join(" -> ", names.TakeLast(Shown / 2));
        var first = scope.Tasks[cycle[0]];
        var need = first.Needs.First(need => need.Task == scope.Tasks[cycle[1]].Id);
        findings.Error(
            DefinitionCodes.Cycle, scope.PathOf(cycle[0])["needs"].ElementOf(need.ToString()), $"these tasks need each other in a circle: {text}");
    }
}
