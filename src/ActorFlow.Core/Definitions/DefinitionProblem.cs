using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions;

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

/// <summary>Something wrong, or doubtful, in a definition.</summary>
/// <param name="Code">What, for programs: one of <see cref="DefinitionCodes"/>.</param>
/// <param name="Message">What, and what to do about it, for people; one line.</param>
public sealed record DefinitionProblem(string Code, string Message)
{
    /// <summary>Where in the model: <c>tasks.ship.with.sku</c>; none where the file could not be read that far.</summary>
    public string? Path { get; init; }

    /// <summary>The file it was read from; none: made in code.</summary>
    public string? File { get; init; }

    /// <summary>Where in that file.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Whether the definition can be run all the same.</summary>
    public bool IsWarning { get; init; }

    /// <summary><c>file:line:column</c>, or else the path.</summary>
    public string Location => File is not null && Position is { } position ? $"{File}:{position}" : Path ?? "definition";

    /// <summary><c>location code message</c></summary>
    public override string ToString() => $"{Location} {Code} {Message}";
}

/// <summary>A definition was not valid.</summary>
public sealed class DefinitionException : Exception
{
    /// <summary>A definition with these errors.</summary>
    /// <param name="errors">All of them, at least one.</param>
    public DefinitionException(ImmutableArray<DefinitionProblem> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>Everything that is wrong.</summary>
    public ImmutableArray<DefinitionProblem> Errors { get; }
}
