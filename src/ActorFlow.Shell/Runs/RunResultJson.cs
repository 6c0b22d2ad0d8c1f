using ActorFlow.Core.Payloads;
using ActorFlow.Shell.Asking;

namespace ActorFlow.Shell.Runs;

/// <summary>The result of a run for programs.</summary>
internal static class RunResultJson
{
    /// <summary>One object: id, status, output, reason, failed tasks, and what an open run waits for.</summary>
    public static Payload Of(string id, RunResult result) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("status", result.Status.ToString().ToLowerInvariant());
        writer.WritePropertyName("output");
        writer.WriteRawValue((result.Output ?? Payload.Null).Utf8.Span, skipInputValidation: true);
        writer.WriteString("reason", result.Reason);
        writer.WriteStartArray("failedTasks");
        foreach (var task in result.FailedTasks)
        {
            writer.WriteStartObject();
            writer.WriteString("task", task.Task);
            writer.WriteString("type", task.Type);
            writer.WriteNumber("attempts", task.Attempts);
            writer.WriteString("message", task.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (result.Status == RunStatus.Waiting)
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
}
