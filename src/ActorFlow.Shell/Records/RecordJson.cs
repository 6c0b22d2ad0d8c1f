using System.Text.Json;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Records;

/// <summary>Runs, checkpoints and history for programs: values whole, times in UTC.</summary>
internal static class RecordJson
{
    /// <summary>A checkpoint of the list.</summary>
    public static Payload Of(CheckpointSummary checkpoint) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("checkpoint", checkpoint.Sequence);
        writer.WriteString("name", checkpoint.Name);
        writer.WriteString("at", TimeFormat.Json(checkpoint.At));
        writer.WriteNumber("bytes", checkpoint.Bytes);
        writer.WriteEndObject();
    });

    /// <summary>A line of the history.</summary>
    public static Payload Of(HistoryEvent line) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("row", line.Token.Row);
        writer.WriteString("at", TimeFormat.Json(line.At));
        writer.WriteString("event", line.Event);
        writer.WriteString("task", line.Task);
        Number(writer, "attempt", line.Attempt);
        writer.WriteString("text", line.Text);
        Time(writer, "until", line.Until);
        Value(writer, "value", line.Value);
        writer.WriteEndObject();
    });

    /// <summary>A run, as it is now or was at a checkpoint.</summary>
    public static Payload Of(WorkflowDescription run) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", run.Id);
        writer.WriteString("definition", run.Definition.Name);
        writer.WriteNumber("version", run.Definition.Version);
        writer.WriteString("status", RunStatusText.WordOf(run));
        Number(writer, "checkpoint", run.Checkpoint);
        writer.WriteString("startedAt", TimeFormat.Json(run.StartedAt));
        writer.WriteString("at", TimeFormat.Json(run.UpdatedAt));
        Time(writer, "endedAt", run.Result?.ClosedAt);
        Time(writer, "nextDue", run.NextDue);
        writer.WriteNumber("generation", run.Generation);
        writer.WriteString("parent", run.Parent);
        Origin(writer, run.ForkedFrom);
        Value(writer, "input", run.Input);
        Value(writer, "output", run.Result?.Output);
        writer.WriteString("reason", RunStatusText.ReasonOf(run) ?? run.Stopping);
        All(writer, "tasks", run.Tasks, Write);
        All(writer, "waits", run.Waits, Write);
        All(writer, "questions", run.Questions, Write);
        All(writer, "signals", run.Signals, Write);
        RunResultJson.Write(writer, "failures", run.Failures);
        RunResultJson.Write(writer, "tolerated", ToleratedFailures.In(run));
        All(writer, "toUndo", run.ToUndo, static (writer, path) => writer.WriteStringValue(path));
        writer.WriteStartObject("tags");
        foreach (var (key, value) in run.Tags)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, TaskDescription task)
    {
        writer.WriteStartObject();
        writer.WriteString("task", task.Path);
        writer.WriteString("title", task.Title);
        writer.WriteString("kind", task.Kind);
        writer.WriteString("state", task.Phase.ToString().ToLowerInvariant());
        writer.WriteNumber("attempts", task.Attempts);
        writer.WriteNumber("attempt", task.Attempt);
        writer.WriteNumber("maxAttempts", task.MaxAttempts);
        writer.WriteString("worker", task.Worker);
        writer.WriteString("wait", task.Wait == TaskWait.None ? null : task.Wait.ToString().ToLowerInvariant());
        writer.WriteString("waitsFor", task.WaitsFor);
        Time(writer, "since", task.Since);
        Time(writer, "until", task.Until);
        Number(writer, "elements", task.Elements);
        Number(writer, "settledElements", task.Elements is null ? null : task.SettledElements);
        Value(writer, "output", task.Output);
        writer.WriteString("errorType", task.Error?.Type);
        writer.WriteString("errorMessage", task.Error?.Message);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, WaitDescription wait)
    {
        writer.WriteStartObject();
        writer.WriteString("task", wait.Task.Length > 0 ? wait.Task : null);
        writer.WriteString("kind", wait.Kind.ToString().ToLowerInvariant());
        Time(writer, "since", wait.Since);
        Time(writer, "until", wait.Until);
        writer.WriteString("detail", wait.Detail);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, OpenQuestion question)
    {
        writer.WriteStartObject();
        writer.WriteString("task", question.Task);
        writer.WriteString("title", question.Title);
        writer.WriteString("kind", AnswerText.KindOf(question));
        writer.WriteString("prompt", question.Prompt);
        Value(writer, "options", question.Options);
        Value(writer, "assignees", question.Assignees);
        Time(writer, "until", question.TimeoutAt);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PendingSignal signal)
    {
        writer.WriteStartObject();
        writer.WriteString("name", signal.Name);
        Value(writer, "payload", signal.Payload);
        writer.WriteEndObject();
    }

    private static void Origin(Utf8JsonWriter writer, ForkOrigin? origin)
    {
        if (origin is not null)
        {
            writer.WriteStartObject("forkedFrom");
            writer.WriteString("id", origin.Id);
            writer.WriteNumber("checkpoint", origin.Checkpoint);
            writer.WriteEndObject();
        }
    }

    private static void All<T>(Utf8JsonWriter writer, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            write(writer, value);
        }

        writer.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? at) => writer.WriteString(name, at is { } time ? TimeFormat.Json(time) : null);

    private static void Number(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void Value(Utf8JsonWriter writer, string name, Payload? value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue((value ?? Payload.Null).Utf8.Span, skipInputValidation: true);
    }
}
