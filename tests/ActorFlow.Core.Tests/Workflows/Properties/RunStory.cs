using System.Text;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>One attempt that a worker began.</summary>
internal sealed record AttemptLine(DateTimeOffset At, string Path, int Attempt, string Handler, Payload Input)
{
    public override string ToString() => $"{At - World.Start:c} {Path} attempt {Attempt} {Handler} {Input}";
}

/// <summary>Something that passed between a run and the world outside.</summary>
/// <param name="At">When.</param>
/// <param name="What">What.</param>
/// <param name="IsTimeless">Whether it does not depend on what takes how long.</param>
internal sealed record OutsideLine(DateTimeOffset At, string What, bool IsTimeless)
{
    public override string ToString() => $"{At - World.Start:c} {What}";

    public static OutsideLine Signal(DateTimeOffset at, SignalMessage message, string answer) => new(at, $"signal {message}: {answer}", false);

    public static OutsideLine Taken(DateTimeOffset at, string path, string name, Payload payload) => new(at, $"{path} took signal {name} {payload}", true);

    public static OutsideLine Asked(DateTimeOffset at, string path, string prompt, Payload? options, Payload? assignees) =>
        new(at, $"{path} asks '{prompt}' {options} {assignees}", true);

    public static OutsideLine Answered(DateTimeOffset at, string path, string answer) => new(at, $"answer to {path}: {answer}", false);

    public static OutsideLine TimedOut(DateTimeOffset at, string path, bool hasDefault) =>
        new(at, $"{path} waits no longer: {(hasDefault ? "default" : "TimedOut")}", false);

    public static OutsideLine Asks(DateTimeOffset at, string path, string childId, Payload input) => new(at, $"{path} asks for child {childId} {input}", true);

    public static OutsideLine Starts(DateTimeOffset at, string path, string definition) => new(at, $"{path} starts child {definition}", true);

    public static OutsideLine Closes(DateTimeOffset at, string path, string how) => new(at, $"{path} tells its child: {how}", false);

    public static OutsideLine Named(DateTimeOffset at, string name) => new(at, $"checkpoint '{name}' is there", false);

    public static OutsideLine Done(DateTimeOffset at, SteeringAct act, string stands, string answer) => new(at, $"{act}, while {stands}: {answer}", false);

    public static OutsideLine Ends(DateTimeOffset at, RunStory story) => new(at, $"the run ends: {story.Outcome} output {story.Output} error {story.Error}", false);

    public static OutsideLine Ended(DateTimeOffset at, string path, string how) => new(at, $"{path}: child {how}", false);
}

/// <summary>Why something failed, as far as the language says it: messages of the engine's own are left out.</summary>
internal sealed record FailureLine(string Path, string Type, string Message, int Attempts)
{
    private static readonly string[] TypesWithMessage = ["Failed", "Flaky", "Broken", "Fatal"];

    public override string ToString() => $"{Path} {TextOf(Type, Message)} after {Attempts} attempts";

    public static string TextOf(string type, string message) => TypesWithMessage.Contains(type) ? $"{type} '{message}'" : type;
}

/// <summary>All that a user can see of a run once it is over.</summary>
internal sealed class RunStory
{
    /// <summary>Attempts in the order of their start, those of compensations included.</summary>
    public List<AttemptLine> Attempts { get; } = [];

    /// <summary>Status and attempts of each task of the run's own graph just before the end.</summary>
    public List<string> Tasks { get; } = [];

    public List<FailureLine> Failures { get; } = [];

    /// <summary>What passed between the run and signals, people and children; in no order within one instant.</summary>
    public List<OutsideLine> Outside { get; } = [];

    /// <summary>Signals that nobody has consumed, by name and oldest first.</summary>
    public List<string> Kept { get; } = [];

    /// <summary>What became of the runs that were forked from it.</summary>
    public List<RunStory> Forks { get; } = [];

    /// <summary>How often it was paused, taken back and retried on the way.</summary>
    public (int Pauses, int Rewinds, int Retries) Steered { get; set; }

    public string Outcome { get; set; } = "open";

    public Payload Output { get; set; } = Payload.Null;

    public string? Error { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset ClosedAt { get; set; }

    /// <summary>What is left when it does not matter what took how long.</summary>
    public string WithoutTime()
    {
        var attempts = Attempts.Select(attempt => World.WithoutTime($"{attempt.Path} attempt {attempt.Attempt} {attempt.Handler} {attempt.Input}")).Distinct().Order(StringComparer.Ordinal);
        var outside = Outside.Where(line => line.IsTimeless).Select(line => World.WithoutTime(line.What)).Distinct().Order(StringComparer.Ordinal);
        return World.WithoutTime(
            $"{string.Join('\n', attempts)}\n{string.Join('\n', outside)}\n{string.Join('\n', Tasks)}\n{Outcome} output {Output} error {Error}");
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Attempts.ForEach(attempt => text.Append(attempt).Append('\n'));
        foreach (var line in Outside.Select(line => line.ToString()).Order(StringComparer.Ordinal))
        {
            text.Append(line).Append('\n');
        }

        Kept.ForEach(signal => text.Append("kept: ").Append(signal).Append('\n'));
        Tasks.ForEach(task => text.Append(task).Append('\n'));
        Failures.ForEach(failure => text.Append("failure: ").Append(failure).Append('\n'));
        text.Append($"{Outcome} at {ClosedAt - World.Start:c} output {Output} error {Error} reason {Reason}");
        Forks.ForEach(fork => text.Append("\nfork:\n").Append(fork));
        return text.ToString();
    }
}
