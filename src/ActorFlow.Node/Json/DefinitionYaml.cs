using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorFlow.Node.Json;

/// <summary>Writes the canonical form of a definition as YAML. Every text but a plain key is quoted, so that it stays text for every reader.</summary>
internal static partial class DefinitionYaml
{
    /// <summary>The definition as YAML.</summary>
    public static string Write(Payload definition)
    {
        using var document = JsonDocument.Parse(definition.Utf8, JsonDepth.Document);
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, document.RootElement);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var property in value.EnumerateObject())
                {
                    EmitText(emitter, property.Name, canBePlain: PlainKey().IsMatch(property.Name));
                    Emit(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in value.EnumerateArray())
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                EmitText(emitter, value.GetString()!);
                break;
            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    private static void EmitText(Emitter emitter, string text, bool canBePlain = false) => emitter.Emit(new Scalar(
        AnchorName.Empty, TagName.Empty, text, canBePlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, isPlainImplicit: canBePlain, isQuotedImplicit: !canBePlain));

    // Not a word that some reader takes for a truth value or for nothing.
    [GeneratedRegex("^(?!(?i:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex PlainKey();
}
