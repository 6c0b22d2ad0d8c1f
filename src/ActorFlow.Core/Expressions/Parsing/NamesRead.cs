using System.Collections.Immutable;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>The names of the language that an expression reads.</summary>
/// <param name="References">Each place, in order of appearance.</param>
/// <param name="Tasks">Each task once, with the parts read.</param>
/// <param name="Calls">Whether it calls or defines a function.</param>
/// <param name="Faults">Its faults.</param>
internal sealed record NamesRead(
    ImmutableArray<ExpressionReference> References, ImmutableArray<TaskRead> Tasks, bool Calls, ImmutableArray<ExpressionFault> Faults);

/// <summary>A task that an expression reads.</summary>
internal readonly record struct TaskRead(string Id, TaskParts Parts);

/// <summary>The parts of a task that an expression can read.</summary>
[Flags]
internal enum TaskParts
{
    None = 0,
    Status = 1,
    Output = 2,
    Error = 4,
    Attempts = 8,
    All = Status | Output | Error | Attempts,
}
