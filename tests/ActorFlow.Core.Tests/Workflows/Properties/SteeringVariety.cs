namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>What people may do to a run, and where the run may stand then.</summary>
internal static class SteeringVariety
{
    private static readonly string[] Ended = ["completed", "failed", "cancelled", "terminated"];
    private static readonly string[] Stopped = ["stopping", "rewinding", "compensating"];

    public static readonly (string What, Func<RunCase, RunStory, bool> Happens)[] Things =
    [
        ("a checkpoint of a task", (_, story) => Named(story).Any()),
        ("a checkpoint of a task in a group", (_, story) => Named(story).Any(name => name.Contains('/'))),
        ("a checkpoint of a task of each iteration", (_, story) => Named(story).Any(name => name.Contains("#1/", StringComparison.Ordinal))),
        ("two checkpoints of one name", (_, story) => Named(story).GroupBy(name => name).Any(group => group.Count() > 1)),
        .. new[] { "open", "paused", "stopping" }.Select(stands => Act("checkpoint", stands, "done")),
        .. Ended.Select(stands => Act("checkpoint", stands, "closed")),
        Act("checkpoint", "rewinding", "rewinding"),
        Act("checkpoint", "open", "bad-name"),
        .. ((string[])["open", "paused", "stopping", .. Ended]).Select(stands => Act("rewind", stands, "done")),
        Act("rewind", "rewinding", "rewinding"),
        Act("rewind", "compensating", "compensated"),
        Act("rewind", "failed", "compensated"),
        ("rewind of a child that has ended", (_, story) => Acts(story, "rewind").Any(line => line.What.EndsWith(": consumed", StringComparison.Ordinal))),
        .. new[] { "rewind", "retry" }.Select(act => ($"{act} of a child that was left and has ended", OfLeft(act))),
        Act("retry,", "failed", "done"),
        .. new[] { "completed", "failed", "cancelled" }.Select(stands => Act("retry from", stands, "done")),
        .. ((string[])["open", "paused", .. Stopped]).Select(stands => Act("retry", stands, "not-closed")),
        .. new[] { "completed", "cancelled" }.Select(stands => Act("retry,", stands, "not-failed")),
        Act("retry", "terminated", "terminated"),
        Act("retry", "failed", "compensated"),
        Act("retry", "failed", "consumed"),
        Act("retry from 'nobody'", "failed", "task-not-found"),
        Act("fork", "open", "done"),
        Act("fork", "failed", "done"),
        ("forks with the same input", (_, story) => Acts(story, "fork").Any(line => line.What.Contains("with the same input", StringComparison.Ordinal) && IsDone(line))),
        ("forks with another input", (_, story) => Acts(story, "fork").Any(line => !line.What.Contains("with the same input", StringComparison.Ordinal) && IsDone(line))),
        ("opens again twice", (_, story) => story.Outside.Count(line => IsDone(line) && Ended.Any(end => line.What.Contains($"while {end}:", StringComparison.Ordinal)) && !IsFork(line)) > 1),
        .. new[] { "rewind", "retry" }.SelectMany(act => AfterIt(act)),
        ("a fork waits no longer", (_, story) => story.Forks.Exists(fork => fork.Outside.Exists(WaitsNoLonger))),
        ("a fork runs attempts", (_, story) => story.Forks.Exists(fork => fork.Attempts.Count > 1)),
        ("a fork begins an attempt that had begun", (_, story) => story.Forks.Exists(fork => fork.Attempts.Exists(attempt => attempt.Attempt == 1 && story.Attempts.Exists(of => of.Path == attempt.Path)))),
    ];

    private static IEnumerable<(string, Func<RunCase, RunStory, bool>)> AfterIt(string act) =>
    [
        ($"runs attempts after a {act}", (_, story) => Done(story, act) is { } at && story.Attempts.Count(attempt => attempt.At >= at) > 1),
        ($"tries again after a {act}", (_, story) => Done(story, act) is { } at && story.Attempts.Exists(attempt => attempt.At >= at && attempt.Attempt > 1)),
        ($"waits no longer after a {act}", (_, story) => Done(story, act) is { } at && story.Outside.Exists(line => line.At > at && WaitsNoLonger(line))),
        ($"asks for a child after a {act}", (_, story) => Done(story, act) is { } at && story.Outside.Exists(line => line.At >= at && line.What.Contains(" asks for child ", StringComparison.Ordinal))),
        ($"is answered after a {act}", (_, story) => Done(story, act) is { } at && story.Outside.Exists(line => line.At > at && line.What.EndsWith(": taken", StringComparison.Ordinal))),
        ($"takes a signal after a {act}", (_, story) => Done(story, act) is { } at && story.Outside.Exists(line => line.At >= at && line.What.Contains(" took signal ", StringComparison.Ordinal))),
        ($"misses a deadline after a {act}", (_, story) => Done(story, act) is { } at && story.ClosedAt > at && story.Tasks.Exists(task => task.EndsWith(" DeadlineExceeded", StringComparison.Ordinal))),
        ($"times out as a whole after a {act}", (_, story) => Done(story, act) is { } at && story.ClosedAt > at && story.Error == ": TimedOut"),
        ($"compensates after a {act}", (_, story) => Done(story, act) is { } at && story.Attempts.Exists(attempt => attempt.At > at && attempt.Path.EndsWith("!compensate", StringComparison.Ordinal))),
    ];

    private static (string, Func<RunCase, RunStory, bool>) Act(string act, string stands, string answer) =>
        ($"{act} while {stands}: {answer}", (_, story) => Acts(story, act).Any(line => line.What.EndsWith($", while {stands}: {answer}", StringComparison.Ordinal)));

    private static Func<RunCase, RunStory, bool> OfLeft(string act) => (@case, story) =>
        @case is { IsLeft: true } && Acts(story, act).Any(line => IsDone(line) && Ended.Any(end => line.What.Contains($"while {end}:", StringComparison.Ordinal)));

    private static IEnumerable<OutsideLine> Acts(RunStory story, string act) =>
        story.Outside.Where(line => line.What.StartsWith(act, StringComparison.Ordinal) && line.What.Contains(", while ", StringComparison.Ordinal));

    /// <summary>When it was first done.</summary>
    private static DateTimeOffset? Done(RunStory story, string act) => Acts(story, act).FirstOrDefault(IsDone)?.At;

    private static bool IsDone(OutsideLine line) => line.What.EndsWith(": done", StringComparison.Ordinal);

    private static bool IsFork(OutsideLine line) => line.What.StartsWith("fork", StringComparison.Ordinal);

    private static bool WaitsNoLonger(OutsideLine line) => line.What.Contains(" waits no longer: ", StringComparison.Ordinal);

    /// <summary>The names of the checkpoints that tasks asked for.</summary>
    private static IEnumerable<string> Named(RunStory story)
    {
        const string Start = "checkpoint '";
        const string End = "' is there";
        return story.Outside.Where(line => line.What.StartsWith(Start, StringComparison.Ordinal) && line.What.EndsWith(End, StringComparison.Ordinal))
            .Select(line => line.What[Start.Length..^End.Length])
            .Where(name => !Acts(story, $"{Start}{name}'").Any());
    }
}
