using System.Text.Json;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Turns a part of a file that holds the user's own data into a payload.</summary>
internal static class PayloadSource
{
    public static Payload Read(SourceNode node, ProblemList problems) => Payload.Write(writer => Write(node, writer, problems));

    private static void Write(SourceNode node, Utf8JsonWriter writer, ProblemList problems)
    {
        switch (node)
        {
            case SourceMapping mapping:
                WriteMapping(mapping, writer, problems);
                break;

            case SourceSequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(item, writer, problems);
                }

                writer.WriteEndArray();
                break;

            case SourceScalar scalar:
                WriteScalar(scalar, writer);
                break;
        }
    }

    private static void WriteMapping(SourceMapping mapping, Utf8JsonWriter writer, ProblemList problems)
    {
        var seen = mapping.Entries.Count > 1 ? new HashSet<string>(mapping.Entries.Count, StringComparer.Ordinal) : null;
        writer.WriteStartObject();
        foreach (var (key, value) in mapping.Entries)
        {
            if (seen?.Add(key.Text) == false)
            {
                problems.Add(DefinitionCodes.DuplicateKey, key, $"the key {Excerpt.Of(key.Text)} stands here twice");
                continue;
            }

            writer.WritePropertyName(key.Text);
            Write(value, writer, problems);
        }

        writer.WriteEndObject();
    }

    private static void WriteScalar(SourceScalar scalar, Utf8JsonWriter writer)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Text:
                writer.WriteStringValue(scalar.Text);
                break;

            case ScalarKind.Number:
                writer.WriteRawValue(scalar.Text);
                break;

            case ScalarKind.True or ScalarKind.False:
                writer.WriteBooleanValue(scalar.Kind is ScalarKind.True);
                break;

            default:
                writer.WriteNullValue();
                break;
        }
    }
}
