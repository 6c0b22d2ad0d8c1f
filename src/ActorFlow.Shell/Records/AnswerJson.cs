using System.Text.Json;
using ActorFlow.Node.Admin;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Shell.Records;

/// <summary>What commands answer, for programs: times in UTC.</summary>
internal static class AnswerJson
{
    /// <summary>A run in a list.</summary>
    public static Payload Of(WorkflowSummary run) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", run.Id);
        writer.WriteString("definition", run.Definition);
        writer.WriteNumber("version", run.Version);
        writer.WriteString("status", run.Status.ToWord());
        writer.WriteString("startedAt", TimeFormat.Json(run.StartedAt));
        writer.WriteString("at", TimeFormat.Json(run.UpdatedAt));
        writer.WriteString("endedAt", run.ClosedAt is { } ended ? TimeFormat.Json(ended) : null);
        writer.WriteString("parent", run.Parent);
        writer.WriteString("errorType", run.Failure?.Type);
        writer.WriteString("errorMessage", run.Failure?.Message);
        writer.WriteStartObject("tags");
        foreach (var (key, value) in run.Tags)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>Why a run does not move.</summary>
    public static Payload Of(WorkflowExplanation explained) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", explained.Id);
        writer.WriteString("status", explained.Status.ToWord());
        writer.WriteString("summary", explained.Summary);
        writer.WriteStartArray("reasons");
        foreach (var reason in explained.Reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", reason.Kind.ToString().ToLowerInvariant());
            writer.WriteString("task", reason.Task);
            writer.WriteString("text", reason.Text);
            writer.WriteString("since", reason.Since is { } since ? TimeFormat.Json(since) : null);
            writer.WriteString("until", reason.Until is { } until ? TimeFormat.Json(until) : null);
            writer.WriteString("command", reason.Command);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>A key in a list.</summary>
    public static Payload Of(KeySummary key) => Payload.Write(writer => Write(writer, key, text: null));

    /// <summary>A key that was made, with itself.</summary>
    public static Payload Of(AdminAnswer.MadeKey made) => Payload.Write(writer => Write(writer, made.Value, made.Text));

    /// <summary>An entry of the audit.</summary>
    public static Payload Of(AuditEntry entry) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("time", TimeFormat.Json(entry.Time));
        writer.WriteString("by", entry.Caller);
        writer.WriteString("role", entry.Role);
        writer.WriteString("operation", entry.Verb);
        writer.WriteString("target", entry.Target);
        writer.WriteString("commandId", entry.Command);
        writer.WriteString("outcome", entry.Outcome);
        writer.WriteNumber("count", entry.Count);
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, KeySummary key, string? text)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id);
        writer.WriteString("name", key.Name);
        writer.WriteString("role", key.Role);
        if (text is not null)
        {
            writer.WriteString("key", text);
        }

        writer.WriteString("created", TimeFormat.Json(key.Created));
        writer.WriteString("createdBy", key.CreatedBy);
        writer.WriteString("expires", key.Expires is { } end ? TimeFormat.Json(end) : null);
        writer.WriteString("revoked", key.Revoked is { } gone ? TimeFormat.Json(gone) : null);
        writer.WriteEndObject();
    }

    /// <summary>How many runs have which status.</summary>
    public static Payload Of(IEnumerable<KeyValuePair<WorkflowStatus, long>> counts) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var (status, count) in counts)
        {
            writer.WriteNumber(status.ToWord(), count);
        }

        writer.WriteEndObject();
    });

    /// <summary>A run that began.</summary>
    public static Payload Of(WorkflowHandle run) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", run.Id);
        if (run.Started is { } started)
        {
            writer.WriteString("runId", started.RunId.ToString("n"));
            writer.WriteString("definition", started.Definition);
            writer.WriteNumber("version", started.Version);
            writer.WriteBoolean("created", started.Created);
        }

        writer.WriteEndObject();
    });

    /// <summary>A definition in a list.</summary>
    public static Payload Of(RegisteredDefinition definition) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", definition.Name);
        writer.WriteNumber("version", definition.Version);
        writer.WriteString("hash", definition.Hash);
        writer.WriteString("registeredAt", TimeFormat.Json(definition.Registered));
        writer.WriteEndObject();
    });

    /// <summary>Something that was done.</summary>
    public static Payload Of(AdminAnswer.Done done) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString(done.Noun, done.Id);
        writer.WriteString("done", done.What);
        if (done.With is { } with)
        {
            writer.WriteString(with.Word, with.Name);
        }

        writer.WriteEndObject();
    });

    /// <summary>A failure of a command.</summary>
    public static Payload Of(CommandFailure failure) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("code", failure.Code);
        writer.WriteString("message", failure.Message);
        writer.WriteString("detail", failure.InnerException is WorkflowRefusedException refused && refused.Message != failure.Message ? refused.Message : null);
        writer.WriteStartArray("next");
        foreach (var line in failure.Next)
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
