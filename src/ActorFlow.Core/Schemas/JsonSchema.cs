using System.Collections.Immutable;

namespace ActorFlow.Core.Schemas;

/// <summary>
/// A JSON Schema of the 2020-12 subset that the README lists. A keyword outside it makes the schema invalid and is not
/// ignored. Immutable and safe to share between threads.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>The largest number of errors that one validation reports.</summary>
    public const int MaxErrors = 50;

    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="InvalidSchemaException">The schema is not valid, or uses a keyword that is not supported.</exception>
    public static JsonSchema Parse(Payload schema) =>
        TryParse(schema, out var errors) ?? throw new InvalidSchemaException(errors);

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">A JSON object, <c>true</c> or <c>false</c>.</param>
    /// <param name="errors">All errors, with pointers into the schema; empty if it is valid.</param>
    /// <returns>The schema; null if it is not valid.</returns>
    internal static JsonSchema? TryParse(Payload schema, out ImmutableArray<SchemaError> errors)
    {
        using var document = schema.ToDocument();
        var reader = new SchemaReader();
        var root = reader.Read(document.RootElement);
        errors = reader.Errors;
        return errors.IsEmpty ? new(root) : null;
    }

    /// <summary>The errors of a value, up to <see cref="MaxErrors"/>; empty if the value is valid.</summary>
    internal ImmutableArray<SchemaError> Validate(Payload value)
    {
        using var document = value.ToDocument();
        return SchemaValidation.Run(_root, document.RootElement);
    }
}
