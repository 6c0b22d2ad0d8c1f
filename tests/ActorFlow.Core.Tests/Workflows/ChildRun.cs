using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>One start of a child workflow, in virtual time.</summary>
/// <param name="Order">What the runtime was told.</param>
/// <param name="At">When it was started, from the start of the parent.</param>
internal sealed record ChildRun(ChildOrder Order, TimeSpan At)
{
    public string Id => Order.ChildId;

    /// <summary>How it goes.</summary>
    public ChildEnd End { get; set; } = ChildEnd.Never;

    /// <summary>How it was told to end before its time; none: it was not.</summary>
    public ParentClose? Close { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; set; }
}

/// <summary>How one child goes: what it comes to, how long that takes, and what it makes of being cancelled.</summary>
internal sealed record ChildEnd
{
    private ChildEnd() { }

    /// <summary>None: it does not end by itself.</summary>
    public RunOutcome? Outcome { get; private init; }

    public Payload Output { get; private init; } = Payload.Null;

    public TaskError? Error { get; init; }

    public string? Reason { get; private init; }

    /// <summary>Why it cannot start: an error type; none: it can.</summary>
    public string? Refusal { get; private init; }

    public TimeSpan Takes { get; private init; }

    /// <summary>Whether cancelling it changes nothing.</summary>
    public bool IsStubborn { get; private init; }

    public static ChildEnd Completes(object? output = null) =>
        new() { Outcome = RunOutcome.Completed, Output = output as Payload ?? Payload.From(output) };

    public static ChildEnd Fails(string type = "Boom", string message = "it broke", string task = "inner") =>
        new() { Outcome = RunOutcome.Failed, Error = new(type, message, task) };

    public static ChildEnd IsCancelled(string reason = "by hand") => new() { Outcome = RunOutcome.Cancelled, Reason = reason };

    public static ChildEnd IsTerminated(string reason = "by hand") => new() { Outcome = RunOutcome.Terminated, Reason = reason };

    /// <summary>It cannot start.</summary>
    public static ChildEnd Refused(string type, string message = "no") => new() { Refusal = type, Reason = message };

    /// <summary>It runs until it is ended from outside.</summary>
    public static ChildEnd Never => new();

    public ChildEnd After(string duration) =>
        this with { Takes = Duration.TryParse(duration, out var value) ? value : throw new ArgumentException($"'{duration}' is no duration.") };

    /// <summary>Cancelled, it comes to its own end nevertheless.</summary>
    public ChildEnd DespiteCancel() => this with { IsStubborn = true };
}

/// <summary>What a run finds in the world: handlers, children, and names that nobody registered.</summary>
internal sealed record ScenarioWorld(Func<Execution, Answer> Handlers, Func<ChildRun, ChildEnd> Children, IReadOnlySet<string> Unknown);
