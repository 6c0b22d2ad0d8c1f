using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>One attempt that a worker began.</summary>
internal sealed record AttemptLine(DateTimeOffset At, string Path, int Attempt, string Handler, Payload Input)
{
    public override string ToString() => $"{At - World.Start:c} {Path} attempt {Attempt} {Handler} {Input}";
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
        var attempts = Attempts.Select(attempt => $"{attempt.Path} attempt {attempt.Attempt} {attempt.Handler} {attempt.Input}").Distinct().Order(StringComparer.Ordinal);
        return $"{string.Join('\n', attempts)}\n{string.Join('\n', Tasks)}\n{Outcome} output {Output} error {Error}";
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Attempts.ForEach(attempt => text.Append(attempt).Append('\n'));
        Tasks.ForEach(task => text.Append(task).Append('\n'));
        Failures.ForEach(failure => text.Append("failure: ").Append(failure).Append('\n'));
        text.Append($"{Outcome} at {ClosedAt - World.Start:c} output {Output} error {Error} reason {Reason}");
        return text.ToString();
    }
}
