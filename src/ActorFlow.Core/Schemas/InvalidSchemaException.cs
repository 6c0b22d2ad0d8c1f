using System.Collections.Immutable;

namespace ActorFlow.Core.Schemas;

/// <summary>A JSON Schema is not valid, or uses what is not supported.</summary>
public sealed class InvalidSchemaException : Exception
{
    /// <summary>A schema with these errors.</summary>
    /// <param name="errors">All of them, with pointers into the schema.</param>
    public InvalidSchemaException(ImmutableArray<SchemaError> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>Everything that is wrong.</summary>
    public ImmutableArray<SchemaError> Errors { get; }
}
