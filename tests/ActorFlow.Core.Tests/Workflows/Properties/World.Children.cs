using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>How a child workflow ends.</summary>
/// <param name="Outcome">How; none: it could not even start.</param>
/// <param name="Output">Its result.</param>
/// <param name="Type">The type of its error, or of its refusal.</param>
/// <param name="Message">The error's message.</param>
/// <param name="Task">The task of it that failed; empty: none did.</param>
internal sealed record ChildEnding(RunOutcome? Outcome, Payload Output, string Type = "", string Message = "", string Task = "")
{
    public override string ToString() => Outcome is { } outcome ? outcome.ToString().ToLowerInvariant() : $"refused {Type}";
}

/// <summary>Child workflows: whether they are known, how long they take, how they end, and what they make of being told to.</summary>
internal sealed partial record World
{
    /// <summary>A definition that nobody registered.</summary>
    public const string Unknown = "nowhere";

    /// <summary>The version of a definition where none is asked for.</summary>
    public const int NewestVersion = 7;

    /// <summary>A definition that the document brings itself.</summary>
    public static readonly DefinitionReference Companion = new("own", 3, "hash-own");

    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(0.4);

    /// <summary>How long it takes to find what a child runs.</summary>
    public TimeSpan SearchFor(string path, int start) => Length(LongestSearch, Hash(Clock, "search", path, Text(start)));

    /// <summary>How long a child takes by itself.</summary>
    public TimeSpan ChildDurationOf(string path, int start) => Length(LongestRun, Hash(Clock, "child", path, Text(start)));

    /// <summary>How a child ends by itself; none: not until it is told to.</summary>
    public ChildEnding? ChildEndingOf(string path, int start, Payload input, bool hasTimeout)
    {
        var roll = Hash(Seed, "child", path, Text(IsTimeless ? 0 : start));
        if ((int)(roll % 100) >= FailureRate + 20)
        {
            return hasTimeout && roll / 100 % 5 == 0 ? null : new(RunOutcome.Completed, OutputOf(path, input));
        }

        return (roll / 100 % 10) switch
        {
            0 => new(null, Payload.Null, ErrorTypes.InvalidInput),
            1 => new(null, Payload.Null, ErrorTypes.IdInUse),
            2 or 6 or 7 => new(RunOutcome.Cancelled, Payload.Null),
            3 => new(RunOutcome.Terminated, Payload.Null),
            4 => new(RunOutcome.Completed, TooLarge),
            5 => new(RunOutcome.Failed, Payload.Null, "Broken", path),
            _ => new(RunOutcome.Failed, Payload.Null, "Fatal", path, "g[1]/x#2"),
        };
    }

    /// <summary>How a child ends that was told to; none: as if it had not heard, if it ends by itself at all.</summary>
    public ChildEnding? ChildReactionOf(string path, int start, Payload input, ParentClose close) => close == ParentClose.Terminate
        ? new(RunOutcome.Terminated, Payload.Null)
        : (Hash(Seed, "told", path, Text(start)) % 8) switch
        {
            0 => null,
            1 => new(RunOutcome.Completed, OutputOf(path, input)),
            2 => new(RunOutcome.Failed, Payload.Null, "Broken", "told", "x"),
            3 => new(RunOutcome.Terminated, Payload.Null),
            _ => new(RunOutcome.Cancelled, Payload.Null),
        };
}
