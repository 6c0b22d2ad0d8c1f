using System.Text.Json;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>The result of a run for programs.</summary>
internal static class RunResultJson
{
    /// <summary>One object: id, status, output, reason, failed tasks, times, counts, and what an open run waits for.</summary>
    public static Payload Of(string id, RunResult result) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("status", result.Status.ToString().ToLowerInvariant());
        writer.WritePropertyName("output");
        writer.WriteRawValue((result.Output ?? Payload.Null).Utf8.Span, skipInputValidation: true);
        writer.WriteString("reason", result.Reason);
        Write(writer, "failedTasks", result.FailedTasks);
        Write(writer, "tolerated", result.Tolerated);
        writer.WriteString("startedAt", result.StartedAt is { } started ? TimeFormat.Json(started) : null);
        writer.WriteString("endedAt", result.EndedAt is { } ended ? TimeFormat.Json(ended) : null);
        if (result.Counts is { } counts)
        {
            writer.WriteNumber("tasks", counts.Tasks);
            writer.WriteNumber("settled", counts.Settled);
        }

        if (result.Status == WorkflowStatus.Waiting)
        {
            writer.WriteStartArray("waitsFor");
            foreach (var wait in result.Waits)
            {
                writer.WriteStartObject();
                writer.WriteString("run", wait.Run);
                writer.WriteString("task", wait.Task);
                writer.WriteString("answer", (wait as OpenWait.Answer)?.Question.Prompt);
                writer.WriteString("signal", (wait as OpenWait.Signal)?.Name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    /// <summary>An array of tasks that failed.</summary>
    public static void Write(Utf8JsonWriter writer, string name, IEnumerable<FailedTask> failed)
    {
        writer.WriteStartArray(name);
        foreach (var task in failed)
        {
            writer.WriteStartObject();
            writer.WriteString("task", task.Path);
            writer.WriteString("type", task.Type);
            writer.WriteNumber("attempts", task.Attempts);
            writer.WriteString("message", task.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
