using System.Collections.Immutable;

namespace ActorFlow.Core.Schemas;

/// <summary>A JSON Schema is not valid, or uses a keyword that is not supported.</summary>
internal sealed class InvalidSchemaException : Exception
{
    /// <summary>Makes the exception of a schema with these errors.</summary>
    /// <param name="errors">All of them, with pointers into the schema.</param>
    public InvalidSchemaException(ImmutableArray<SchemaError> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>All errors of the schema.</summary>
    public ImmutableArray<SchemaError> Errors { get; }
}
