using System.Collections.Immutable;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

/// <summary>
/// A JSON Schema of the 2020-12 subset that the README lists. A keyword outside it makes the schema invalid rather than being
/// ignored. Immutable and safe to share between threads.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>The errors that one validation reports at most.</summary>
    public const int MaxErrors = 50;

    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="InvalidSchemaException">It is not valid, or uses what is not supported.</exception>
    public static JsonSchema Parse(Payload schema) =>
        TryParse(schema, out var errors) ?? throw new InvalidSchemaException(errors);

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">A JSON object, <c>true</c> or <c>false</c>.</param>
    /// <param name="errors">Everything that is wrong, with pointers into the schema; empty if it is valid.</param>
    /// <returns>The schema; none if it is not valid.</returns>
    public static JsonSchema? TryParse(Payload schema, out ImmutableArray<SchemaError> errors)
    {
        using var document = schema.ToDocument();
        var reader = new SchemaReader();
        var root = reader.Read(document.RootElement);
        errors = reader.Errors;
        return errors.IsEmpty ? new(root) : null;
    }

    /// <summary>Everything in a value that the schema does not allow, up to <see cref="MaxErrors"/>; empty: the value is valid.</summary>
    public ImmutableArray<SchemaError> Validate(Payload value)
    {
        using var document = value.ToDocument();
        return SchemaValidation.Run(_root, document.RootElement);
    }
}
