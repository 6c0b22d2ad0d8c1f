using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions;

// Policies and single values; what is absent or default is left out.
internal sealed partial class DefinitionWriter
{
    private void WriteCheckpoint(WorkflowDefinition definition)
    {
        var every = definition.CheckpointEvery == WorkflowDefinition.DefaultCheckpointEvery ? null : (int?)definition.CheckpointEvery;
        var keep = definition.CheckpointKeep == WorkflowDefinition.DefaultCheckpointKeep ? null : (int?)definition.CheckpointKeep;
        if (every is null && definition.CheckpointInterval is null && keep is null)
        {
            return;
        }

        writer.WriteStartObject("checkpoint");
        WriteNumber("every", every);
        WriteDuration("interval", definition.CheckpointInterval);
        WriteNumber("keep", keep);
        writer.WriteEndObject();
    }

    private void WriteRepeat(RepeatDefinition? repeat)
    {
        if (repeat is null)
        {
            return;
        }

        writer.WriteStartObject("repeat");
        writer.WriteString(repeat.Until ? "until" : "while", repeat.Condition);
        WriteNumber("max", repeat.Max == RepeatDefinition.DefaultMax ? null : repeat.Max);
        WriteDuration("delay", repeat.Delay);
        writer.WriteEndObject();
    }

    private void WriteRetry(RetryDefinition? retry)
    {
        if (retry is null)
        {
            return;
        }

        writer.WriteStartObject("retry");
        WriteNumber("max-attempts", retry.MaxAttempts);
        if (retry.Backoff is { } backoff)
        {
            writer.WriteString("backoff", LanguageWords.Of(LanguageWords.Backoffs, backoff));
        }

        WriteDuration("initial", retry.Initial);
        WriteDuration("max", retry.Max);
        WriteNumber("factor", retry.Factor);
        WriteNumber("jitter", retry.Jitter);
        if (retry.NonRetryable is { } types)
        {
            writer.WriteStartArray("non-retryable");
            foreach (var type in types)
            {
                writer.WriteStringValue(type);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteText(string key, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(key, value);
        }
    }

    private void WriteNumber(string key, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(key, number);
        }
    }

    private void WriteDuration(string key, TimeSpan? value) => WriteText(key, value is { } duration ? Duration.ToText(duration) : null);

    /// <summary>Writes the value, if there is one. It is rewritten, so that the escapes of its strings do not matter.</summary>
    private void WriteValue(string key, Payload? value)
    {
        if (value is not null)
        {
            using var document = value.ToDocument();
            writer.WritePropertyName(key);
            document.RootElement.WriteTo(writer);
        }
    }

    /// <summary>Writes the word for a value, unless it is the default.</summary>
    private void WriteWord<T>(string key, (string Word, T Value)[] words, T value)
        where T : struct, Enum
    {
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            writer.WriteString(key, LanguageWords.Of(words, value));
        }
    }
}
