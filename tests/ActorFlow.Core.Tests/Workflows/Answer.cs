using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>How one attempt goes: what it comes to, how long that takes, and what it makes of being withdrawn.</summary>
internal sealed record Answer
{
    private Answer() { }

    /// <summary>None: it does not end by itself.</summary>
    public TaskOutcome? Outcome { get; init; }

    /// <summary>How long it waits in the queue before a worker takes it; its timeout does not run then.</summary>
    public TimeSpan Queued { get; private init; }

    /// <summary>How long it runs.</summary>
    public TimeSpan Takes { get; private init; }

    /// <summary>What is reported when it is withdrawn; none: it goes on to its own end.</summary>
    public TaskOutcome? WhenWithdrawn { get; private init; } = TaskOutcome.Cancelled.Instance;

    /// <summary>Whether every report of it comes twice.</summary>
    public bool IsReportedTwice { get; private init; }

    /// <summary>Whether it reports no sign of life while it runs.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>It succeeds with a value that becomes JSON.</summary>
    public static Answer Success(object? output = null) => new() { Outcome = new TaskOutcome.Succeeded(output as Payload ?? Payload.From(output)) };

    /// <summary>It fails.</summary>
    public static Answer Failure(string type = "Boom", string message = "it broke", bool retryable = true, object? progress = null) =>
        new() { Outcome = new TaskOutcome.Failed(type, message, retryable, progress is null ? null : Payload.From(progress)) };

    /// <summary>It fails, and asks to be left alone for so long.</summary>
    public static Answer FailureWith(TimeSpan retryAfter) =>
        new() { Outcome = new TaskOutcome.Failed("HttpFailed", "busy", true, null) { RetryAfter = retryAfter } };

    /// <summary>It runs until its timeout, or until it is withdrawn.</summary>
    public static Answer Never => new() { Takes = TimeSpan.MaxValue };

    /// <summary>Nothing is ever heard of it, not even a timeout, however long one waits.</summary>
    public static Answer NoReport => new() { WhenWithdrawn = null };

    /// <summary>Its worker dies.</summary>
    public static Answer Lost => new() { Outcome = TaskOutcome.Lost.Instance };

    /// <summary>Its worker shuts down in good order and gives it back.</summary>
    public static Answer Released => new() { Outcome = TaskOutcome.Released.Instance };

    /// <summary>It takes so long.</summary>
    public Answer After(string duration) => this with { Takes = Parse(duration) };

    /// <summary>It lies in the queue so long.</summary>
    public Answer QueuedFor(string duration) => this with { Queued = Parse(duration) };

    /// <summary>Withdrawing it changes nothing: it comes to its own end.</summary>
    public Answer DespiteCancel() => this with { WhenWithdrawn = null };

    /// <summary>Withdrawn, it does not stop within its grace.</summary>
    public Answer AbandonedOnCancel() => this with { WhenWithdrawn = TaskOutcome.Abandoned.Instance };

    /// <summary>Withdrawn, its worker turns out to be gone.</summary>
    public Answer LostOnCancel() => this with { WhenWithdrawn = TaskOutcome.Lost.Instance };

    /// <summary>Withdrawn, it fails instead.</summary>
    public Answer FailingOnCancel(string type) => this with { WhenWithdrawn = new TaskOutcome.Failed(type, "on cancel", true, null) };

    /// <summary>Its report comes twice.</summary>
    public Answer ReportedTwice() => this with { IsReportedTwice = true };

    /// <summary>It sends no heartbeats.</summary>
    public Answer InSilence() => this with { IsSilent = true };

    private static TimeSpan Parse(string duration) =>
        Duration.TryParse(duration, out var value) ? value : throw new ArgumentException($"'{duration}' is no duration.");
}
