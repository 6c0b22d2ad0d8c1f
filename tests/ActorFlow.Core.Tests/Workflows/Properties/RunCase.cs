using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

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

    public const string Reason = "enough";

    public Interruption Interruption { get; init; }

    public DateTimeOffset InterruptedAt { get; init; } = DateTimeOffset.MaxValue;

    public override string ToString() =>
        $"""
        world {World}, input {Input}
        {(Interruption == Interruption.None ? "no interruption" : $"{Interruption} at {InterruptedAt - World.Start}")}
        {DefinitionText.Of(Definition)}
        """;
}
