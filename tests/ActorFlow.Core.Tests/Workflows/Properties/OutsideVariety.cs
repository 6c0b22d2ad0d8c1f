using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>What may pass between a run and the world outside: each way that a wait can begin and end.</summary>
internal static class OutsideVariety
{
    public static readonly (string What, Func<RunCase, RunStory, bool> Happens)[] Things =
    [
        ("takes a signal that came before", (_, story) => story.Outside.Exists(line => IsTaken(line) && !story.Outside.Exists(other => IsKept(other) && other.At == line.At))),
        ("takes a signal as it comes", (_, story) => story.Outside.Exists(line => IsTaken(line) && story.Outside.Exists(other => IsKept(other) && other.At == line.At))),
        ("keeps a signal to the end", (_, story) => story.Kept.Count > 0),
        ("is paused", (@case, story) => @case.PausedAt < story.ClosedAt),
        ("is cancelled in a pause", (@case, story) =>
            @case.Interruption == Interruption.Cancel && @case.PausedAt < @case.InterruptedAt && @case.InterruptedAt < @case.ResumedAt && @case.InterruptedAt < story.ClosedAt),
        ("waits in a group", (_, story) => story.Outside.Exists(line => IsWait(line) && line.What.Split(' ')[0].Contains('/'))),
        ("waits in a fan-out", (_, story) => story.Outside.Exists(line => IsWait(line) && line.What.Split(' ')[0].EndsWith(']'))),
        ("waits again in a loop", (_, story) => story.Outside.Exists(line => IsWait(line) && line.What.Split(' ')[0].EndsWith("#1", StringComparison.Ordinal))),
        .. new[]
        {
            ": signal-not-found", ": invalid-payload", ": payload-too-large", ": repeated", ": closed", ": taken", ": invalid-answer",
            "no longer: default", "no longer: TimedOut", ": child completed", ": child failed", ": child cancelled", ": child terminated",
            ": child refused InvalidInput", ": child refused IdInUse", "its child: Cancel", "its child: Terminate",
            "starts child own@3", "starts child own@2", "starts child kid@7", "starts child kid@2",
        }.Select(end => Thing(end, line => line.What.EndsWith(end, StringComparison.Ordinal))),
        ("asks with a default that is no option", (@case, story) => @case.Definition.Tasks.Any(task =>
            task.Kind is TaskKind.Ask { Kind: AskKind.Choice, Default: not null } && story.Tasks.Exists(line => line.StartsWith($"{task.Id} failed ", StringComparison.Ordinal) && line.EndsWith(" ExpressionError", StringComparison.Ordinal)))),
        ("fails with IdTooLong", (_, story) => story.Tasks.Exists(task => task.EndsWith(" IdTooLong", StringComparison.Ordinal))),
        ("fails with DepthExceeded", (_, story) => story.Tasks.Exists(task => task.EndsWith(" DepthExceeded", StringComparison.Ordinal))),
        ("fails with WorkflowNotFound", (_, story) => story.Failures.Exists(failure => failure.Type == "WorkflowNotFound")),
        ("has a child that is cancelled by others", (_, story) => story.Outside.Exists(line =>
            line.What.EndsWith(": child cancelled", StringComparison.Ordinal)
            && !story.Outside.Exists(other => other.What == $"{line.What[..^": child cancelled".Length]} tells its child: Cancel"))),
        .. Enum.GetValues<AskKind>().Select(kind => (
            $"answers {kind}",
            (Func<RunCase, RunStory, bool>)((@case, story) => story.Outside.Exists(line =>
                line.What.EndsWith(": taken", StringComparison.Ordinal)
                && KindsOf(@case, line.What["answer to ".Length..^": taken".Length]).OfType<TaskKind.Ask>().Any(ask => ask.Kind == kind))))),
        .. new[] { typeof(TaskKind.Signal), typeof(TaskKind.Ask), typeof(TaskKind.Child) }.Select(kind => (
            $"compensates {kind.Name}",
            (Func<RunCase, RunStory, bool>)((@case, story) => story.Attempts.Exists(attempt =>
                attempt.Path.EndsWith("!compensate", StringComparison.Ordinal) && KindsOf(@case, attempt.Path[..^"!compensate".Length]).Any(kind.IsInstanceOfType))))),
    ];

    private static (string, Func<RunCase, RunStory, bool>) Thing(string what, Predicate<OutsideLine> happens) =>
        (what, (_, story) => story.Outside.Exists(happens));

    private static bool IsKept(OutsideLine line) => line.What.EndsWith(": kept", StringComparison.Ordinal);

    private static bool IsTaken(OutsideLine line) => line.What.Contains(" took signal ", StringComparison.Ordinal);

    private static bool IsWait(OutsideLine line) => line.IsTimeless;

    /// <summary>The kinds of the tasks that a path may mean: ids need not be unique over all groups.</summary>
    private static IEnumerable<TaskKind> KindsOf(RunCase @case, string path)
    {
        var id = path[(path.LastIndexOf('/') + 1)..].Split('[', '#')[0];
        return RunCase.TasksOf(@case.Definition.Tasks).Where(task => task.Id == id).Select(task => task.Kind);
    }
}
