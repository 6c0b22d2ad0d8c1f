
namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Something that people do to a run at a moment that the case says, whether it makes sense then or not.</summary>
/// <param name="At">When; at once, if that has passed.</param>
internal abstract record SteeringAct(DateTimeOffset At)
{
    /// <summary>Takes a checkpoint under a name.</summary>
    public sealed record Checkpoint(DateTimeOffset At, string Name) : SteeringAct(At)
    {
        public override string ToString() => $"checkpoint '{Name}'";
    }

    /// <summary>Takes the run back to one of the named checkpoints there are by then.</summary>
    public sealed record Rewind(DateTimeOffset At, int Choice) : SteeringAct(At)
    {
        public override string ToString() => $"rewind {Choice}";
    }

    /// <summary>Opens a run that has ended, from a task on if that is said.</summary>
    public sealed record Retry(DateTimeOffset At, string? From) : SteeringAct(At)
    {
        public override string ToString() => From is null ? "retry" : $"retry from '{From}'";
    }

    /// <summary>Begins a run of its own from one of the named checkpoints there are by then, with an input of its own if that is said.</summary>
    public sealed record Fork(DateTimeOffset At, int Choice, Payload? Input) : SteeringAct(At)
    {
        public override string ToString() => $"fork {Choice} {(Input is null ? "with the same input" : $"with {Input}")}";
    }
}
