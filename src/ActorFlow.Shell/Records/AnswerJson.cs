using ActorFlow.Node.Admin;

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
        writer.WriteString("run", done.Id);
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
