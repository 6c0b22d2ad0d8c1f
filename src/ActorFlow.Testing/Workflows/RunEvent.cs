using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>One event of a run as the rules know it.</summary>
/// <param name="Sequence">The sequence number of the commit that holds it, from 1; events of one command share it.</param>
/// <param name="At">When it was recorded, in virtual time.</param>
/// <param name="Kind">The kind, which is the name of the event's type: <c>attempts-started</c>, <c>task-execution-completed</c>, <c>signal-received</c>.</param>
/// <param name="Task">The path of the task that it concerns; empty for the run as a whole.</param>
/// <param name="Event">The event itself.</param>
internal sealed record RunEvent(long Sequence, DateTimeOffset At, string Kind, string Task, WorkflowEvent Event)
{
    /// <inheritdoc/>
    public override string ToString() => Task.Length == 0 ? $"{At:u} {Kind}" : $"{At:u} {Kind} {Task}";
}
