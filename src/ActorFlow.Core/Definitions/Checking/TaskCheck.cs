using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks one task by itself: its limits, and that its keys are valid for its kind.</summary>
internal sealed class TaskCheck(Findings findings, LimitsCheck limits)
{
    private readonly SignalCheck _signals = new(findings, limits);
    private readonly AskCheck _asks = new(findings);

    public void Run(TaskDefinition task, DefinitionPath path)
    {
        CheckLimits(task, path);
        switch (task.Kind)
        {
            case TaskKind.Uses uses:
                limits.HandlerName(uses.Handler, path["uses"]);
                break;

            case TaskKind.Switch chosen:
                CheckCases(chosen, path["switch"]);
                break;

            case TaskKind.Set set when set.Values.Utf8.Span is not [(byte)'{', ..]:
                findings.Error(DefinitionCodes.WrongType, path["set"], "`set` must be a mapping");
                break;

            case TaskKind.Child child:
                if (limits.NoExpression(child.Name, path["workflow"]))
                {
                    limits.WorkflowName(child.Name, path["workflow"]);
                }

                limits.Positive(child.Version, path["workflow"]);
                break;

            case TaskKind.Signal signal:
                _signals.Run(signal, path);
                break;

            case TaskKind.Ask ask:
                _asks.Run(ask, task.Timeout is not null, path["ask"]);
                break;

            case TaskKind.Unreadable { IsReported: false }:
                findings.Error(DefinitionCodes.KindMissing, path, "the task does nothing; say what it does", atKey: true);
                break;
        }

        if (task.Kind is not TaskKind.Unreadable)
        {
            RefuseMeaningless(task, path);
        }
    }

    private void CheckLimits(TaskDefinition task, DefinitionPath path)
    {
        limits.NoExpression(task.Title, path["title"]);
        limits.Positive(task.MaxParallel, path["max-parallel"]);
        limits.Positive(task.Timeout, path["timeout"]);
        limits.Positive(task.Deadline, path["deadline"]);
        limits.Positive(task.Heartbeat, path["heartbeat"]);
        limits.Retry(task.Retry, path["retry"]);
        limits.HandlerName(task.Queue, path["queue"]);
        limits.Priority(task.Priority, path["priority"]);
        limits.HandlerName(task.Compensate?.Handler, path["compensate"]["uses"]);
        if (task.Repeat is { } repeat)
        {
            limits.Positive(repeat.Max, path["repeat"]["max"]);
            limits.NotNegative(repeat.Delay, path["repeat"]["delay"]);
        }
    }

    private void CheckCases(TaskKind.Switch chosen, DefinitionPath path)
    {
        if (chosen.Cases.IsEmpty)
        {
            findings.Error(DefinitionCodes.BadValue, path, "a `switch` needs at least one case");
        }

        var labels = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < chosen.Cases.Length; i++)
        {
            var (label, condition) = chosen.Cases[i];
            if (!Identifiers.IsTaskId(label))
            {
                findings.Error(DefinitionCodes.BadId, path[i]["case"], $"{Excerpt.Of(label)} is no case label: a letter or `_`, then letters, digits, `_` or `-`, 100 at most");
            }
            else if (!labels.Add(label))
            {
                findings.Error(DefinitionCodes.DuplicateCase, path[i]["case"], $"the label {Excerpt.Of(label)} stands in this switch already");
            }

            if (condition is null && i < chosen.Cases.Length - 1)
            {
                findings.Error(
                    DefinitionCodes.MisplacedDefault, path[i]["case"], $"{Excerpt.Of(label)} has no `if`, so no case behind it can win; give it one or put it last");
            }
        }
    }

    private void RefuseMeaningless(TaskDefinition task, DefinitionPath path)
    {
        Refuse("timeout", task.Timeout is not null && task.Kind is (TaskKind.Switch or TaskKind.Set or TaskKind.Delay or TaskKind.Fail));
        var isUses = task.Kind is TaskKind.Uses;
        Refuse("deadline", task.Deadline is not null && !isUses);
        Refuse("heartbeat", task.Heartbeat is not null && !isUses);
        Refuse("retry", task.Retry is not null && !isUses);
        Refuse("queue", task.Queue is not null && !isUses);
        Refuse("priority", task.Priority is not null && !isUses);
        var runsOnce = task.Kind is TaskKind.Switch or TaskKind.Fail;
        Refuse("for-each", task.ForEach is not null && runsOnce);
        Refuse("repeat", task.Repeat is not null && runsOnce);
        if (task.MaxParallel is not null && task.ForEach is null)
        {
            findings.Error(DefinitionCodes.NotAllowedHere, path["max-parallel"], "`max-parallel` of a task limits its `for-each`, and there is none", atKey: true);
        }

        void Refuse(string key, bool isMeaningless)
        {
            if (isMeaningless)
            {
                findings.Error(DefinitionCodes.NotAllowedHere, path[key], $"`{key}` means nothing for a task of the kind `{KindName(task.Kind)}`", atKey: true);
            }
        }
    }

    private static string KindName(TaskKind kind) => kind switch
    {
        TaskKind.Uses => "uses",
        TaskKind.Group => "tasks",
        TaskKind.Switch => "switch",
        TaskKind.Set => "set",
        TaskKind.Delay => "delay",
        TaskKind.Child => "workflow",
        TaskKind.Signal => "signal",
        TaskKind.Ask => "ask",
        TaskKind.Fail => "fail",
        _ => throw new System.Diagnostics.UnreachableException($"No word for {kind.GetType().Name}."),
    };
}
