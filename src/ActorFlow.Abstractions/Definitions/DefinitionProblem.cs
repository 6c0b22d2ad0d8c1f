using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>A place in a text.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
public readonly record struct SourcePosition(int Line, int Column) : IComparable<SourcePosition>
{
    /// <summary>The first character.</summary>
    public static readonly SourcePosition Start = new(1, 1);

    /// <inheritdoc/>
    public int CompareTo(SourcePosition other) => Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);

    /// <summary><c>line:column</c></summary>
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>An error or a warning about a definition.</summary>
/// <param name="Code">The code, for programs: a stable word such as <c>unknown-key</c>.</param>
/// <param name="Message">What is wrong and how to mend it, for people; one line.</param>
public sealed record DefinitionProblem(string Code, string Message)
{
    /// <summary>The path in the model: <c>tasks.ship.with.sku</c>; null means that the file could not be read that far.</summary>
    public string? Path { get; init; }

    /// <summary>The file that it was read from; null means that the definition was made in code.</summary>
    public string? File { get; init; }

    /// <summary>The position in that file; null unless there is a file.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Whether this is a warning: the definition can be run nevertheless.</summary>
    public bool IsWarning { get; init; }

    /// <summary><c>file:line:column</c>, or else the path.</summary>
    public string Location => File is not null && Position is { } position ? $"{File}:{position}" : Path ?? "definition";

    /// <summary><c>location code message</c></summary>
    public override string ToString() => $"{Location} {Code} {Message}";
}

/// <summary>A definition is not valid: <c>definition-invalid</c>.</summary>
public sealed class DefinitionException : WorkflowRefusedException
{
    /// <summary>Makes the exception of a definition with these errors.</summary>
    /// <param name="errors">All of them, at least one.</param>
    public DefinitionException(ImmutableArray<DefinitionProblem> errors)
        : base("definition-invalid", string.Join('\n', errors)) => Errors = errors;

    /// <summary>All errors of the definition.</summary>
    public ImmutableArray<DefinitionProblem> Errors { get; }
}
