using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions;

/// <summary>
/// The canonical form of a definition: compact JSON in the language's own words, keys in a fixed order, defaults left out.
/// Equal definitions have equal bytes. This form is stored and hashed (<see cref="DefinitionHash"/>).
/// </summary>
public static class DefinitionJson
{
    private const int MaxDepth = JsonDepth.Stored;

    private static readonly JsonWriterOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>Writes a valid definition.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The definition is not valid: a duration is negative or too long.</exception>
    public static byte[] Write(WorkflowDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            new DefinitionWriter(writer).Write(definition);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. The checks of the language are not run again.</summary>
    /// <exception cref="DefinitionException">The bytes are no canonical form.</exception>
    public static WorkflowDefinition Read(ReadOnlySpan<byte> utf8)
    {
        var problems = new ProblemList("definition");
        var roots = JsonSource.Read(utf8, MaxDepth, problems);
        var definition = roots.Count == 1 ? new WorkflowMapping(problems).Read(roots[0]) : null;
        return definition is null || problems.HasErrors ? throw new DefinitionException([.. problems.InOrder]) : definition;
    }
}
