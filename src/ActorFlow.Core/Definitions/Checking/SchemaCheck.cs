using ActorFlow.Core.Payloads;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks a JSON Schema: of the input, of a signal, of an answer.</summary>
internal static class SchemaCheck
{
    public static void Run(Payload? schema, DefinitionPath path, Findings findings)
    {
        if (schema is null)
        {
            return;
        }

        PayloadStrings.Visit(schema, path, (text, at) =>
        {
            if (text.Contains("${{", StringComparison.Ordinal))
            {
                findings.Error(DefinitionCodes.ExpressionNotAllowed, at, "a schema takes no expression");
            }
        });

        JsonSchema.TryParse(schema, out var errors);
        foreach (var error in errors)
        {
            findings.Error(DefinitionCodes.BadSchema, path.Along(SchemaPointer.Split(error.Pointer)), OneLine.Of(error.Message), error.AtKey);
        }
    }
}
