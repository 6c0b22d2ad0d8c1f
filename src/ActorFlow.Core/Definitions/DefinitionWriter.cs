using System.Collections.Immutable;
using System.Text.Json;

namespace ActorFlow.Core.Definitions;

/// <summary>Writes a definition in the language's own words.</summary>
internal sealed class DefinitionWriter(Utf8JsonWriter writer)
{
    public void Write(WorkflowDefinition definition)
    {
        writer.WriteStartObject();
        writer.WriteString("name", definition.Name);
        writer.WriteNumber("version", definition.Version);
        WriteText("description", definition.Description);
        WriteValue("input", definition.InputSchema);
        WriteDefaults(definition.Defaults);
        WriteDuration("timeout", definition.Timeout);
        WriteNumber("max-parallel", definition.MaxParallel);
        WriteWord("on-failure", LanguageWords.FailurePolicies, definition.OnFailure);
        WriteCheckpoint(definition);
        WriteTasks(definition.Tasks);
        WriteValue("output", definition.Output);
        writer.WriteEndObject();
    }

    private void WriteDefaults(TaskDefaults defaults)
    {
        if (defaults == TaskDefaults.None)
        {
            return;
        }

        writer.WriteStartObject("defaults");
        WriteDuration("timeout", defaults.Timeout);
        WriteDuration("deadline", defaults.Deadline);
        WriteDuration("heartbeat", defaults.Heartbeat);
        WriteRetry(defaults.Retry);
        WriteText("queue", defaults.Queue);
        WriteNumber("priority", defaults.Priority);
        writer.WriteEndObject();
    }

    private void WriteTasks(ImmutableArray<TaskDefinition> tasks)
    {
        writer.WriteStartObject("tasks");
        foreach (var task in tasks)
        {
            writer.WriteStartObject(task.Id);
            WriteTask(task);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteTask(TaskDefinition task)
    {
        WriteText("title", task.Title);
        WriteKind(task.Kind);
        WriteNeeds(task);
        WriteText("if", task.If);
        WriteValue("for-each", task.ForEach);
        WriteNumber("max-parallel", task.MaxParallel);
        WriteRepeat(task.Repeat);
        WriteDuration("timeout", task.Timeout);
        WriteDuration("deadline", task.Deadline);
        WriteDuration("heartbeat", task.Heartbeat);
        WriteRetry(task.Retry);
        WriteWord("on-error", LanguageWords.ErrorPolicies, task.OnError);
        if (task.Compensate is { } compensate)
        {
            writer.WriteStartObject("compensate");
            WriteHandler(compensate.Handler, compensate.With);
            writer.WriteEndObject();
        }

        WriteText("queue", task.Queue);
        WriteNumber("priority", task.Priority);
        if (task.Checkpoint)
        {
            writer.WriteBoolean("checkpoint", true);
        }
    }

    private void WriteKind(TaskKind kind)
    {
        switch (kind)
        {
            case TaskKind.Uses uses:
                WriteHandler(uses.Handler, uses.With);
                break;

            case TaskKind.Switch chosen:
                WriteCases(chosen.Cases);
                break;

            case TaskKind.Set set:
                WriteValue("set", set.Values);
                break;

            case TaskKind.Delay delay:
                WriteText("delay", delay.For);
                break;

            case TaskKind.Fail fail:
                WriteText("fail", fail.Message);
                break;

            case TaskKind.Group group:
                WriteTasks(group.Tasks);
                WriteValue("output", group.Output);
                break;

            case TaskKind.Child child:
                WriteChild(child);
                break;

            case TaskKind.Signal signal:
                writer.WriteString("signal", signal.Name);
                WriteValue("schema", signal.Schema);
                break;

            case TaskKind.Ask ask:
                WriteAsk(ask);
                break;

            default:
                throw new ArgumentException($"A task of the kind {kind.GetType().Name} has no canonical form.", nameof(kind));
        }
    }

    private void WriteHandler(string handler, Payload with)
    {
        writer.WriteString("uses", handler);
        WriteValue("with", with.IsNull ? null : with);
    }

    private void WriteChild(TaskKind.Child child)
    {
        writer.WriteString("workflow", child.Reference);
        WriteValue("with", child.With.IsNull ? null : child.With);
        WriteWord("parent-close", LanguageWords.ParentCloses, child.ParentClose);
    }

    private void WriteAsk(TaskKind.Ask ask)
    {
        writer.WriteStartObject("ask");
        writer.WriteString("kind", LanguageWords.Of(LanguageWords.AskKinds, ask.Kind));
        writer.WriteString("prompt", ask.Prompt);
        WriteValue("options", ask.Options);
        WriteValue("assignees", ask.Assignees);
        WriteValue("schema", ask.Schema);
        WriteValue("default", ask.Default);
        writer.WriteEndObject();
    }

    private void WriteCases(ImmutableArray<SwitchCase> cases)
    {
        writer.WriteStartArray("switch");
        foreach (var (label, condition) in cases)
        {
            writer.WriteStartObject();
            writer.WriteString("case", label);
            WriteText("if", condition);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteNeeds(TaskDefinition task)
    {
        if (!task.Needs.IsEmpty)
        {
            writer.WriteStartArray("needs");
            foreach (var need in task.Needs)
            {
                writer.WriteStringValue(need.ToString());
            }

            writer.WriteEndArray();
        }

        if (task.Join == Join.Any)
        {
            writer.WriteString("join", "any");
        }
        else if (task.Join != Join.All)
        {
            writer.WriteNumber("join", task.Join.Count);
        }
    }

    // 

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
