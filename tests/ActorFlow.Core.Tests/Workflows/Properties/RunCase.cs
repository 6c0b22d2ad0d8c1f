using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Something that happens to a run from outside.</summary>
internal enum Interruption
{
    None,
    Cancel,
    Terminate,
}

/// <summary>A definition, the world that it runs in, and what happens to the run.</summary>
internal sealed record RunCase(WorkflowDefinition Definition, Payload Input, World World)
{
    public const string WorkflowId = "case-1";

    public const string ForkId = "fork-1";

    public const string Reason = "enough";

    /// <summary>The id of the run: some are so long that there is no room for those of its children.</summary>
    public string Id { get; init; } = WorkflowId;

    /// <summary>How many runs stand above it; none: it is nobody's child.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether its parent has left it to itself: it may be opened again like a run that is nobody's child.</summary>
    public bool IsLeft { get; init; }

    /// <summary>What people do to it, in order.</summary>
    public IReadOnlyList<SteeringAct> Acts { get; init; } = [];

    public Interruption Interruption { get; init; }

    public DateTimeOffset InterruptedAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>When the run is paused; never, unless it is.</summary>
    public DateTimeOffset PausedAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>When the pause is over.</summary>
    public DateTimeOffset ResumedAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The run that is forked from this one: nobody interferes with it.</summary>
    public RunCase Forked(Payload? input) => new(Definition, input ?? Input, World) { Id = ForkId };

    /// <summary>The names of the signals that tasks wait for, groups included.</summary>
    public IReadOnlyList<string> SignalNames { get; } = [.. TasksOf(Definition.Tasks).Select(task => task.Kind).OfType<TaskKind.Signal>().Select(signal => signal.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Every task, those in groups included.</summary>
    public static IEnumerable<TaskDefinition> TasksOf(IEnumerable<TaskDefinition> tasks) =>
        tasks.SelectMany(task => TasksOf(task.Kind is TaskKind.Group group ? group.Tasks : []).Prepend(task));

    public override string ToString() =>
        $"""
        {Id} at depth {Depth}{(IsLeft ? " (left)" : "")}, world {World}, input {Input}
        {string.Join('\n', Acts.Select(act => $"{act.At - World.Start} {act}"))}
        {(PausedAt == DateTimeOffset.MaxValue ? "no pause" : $"paused at {PausedAt - World.Start} until {ResumedAt - World.Start}")}
        {(Interruption == Interruption.None ? "no interruption" : $"{Interruption} at {InterruptedAt - World.Start}")}
        {DefinitionText.Of(Definition)}
        """;
}
