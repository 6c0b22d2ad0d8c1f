using ActorFlow.Shell.Records;

namespace ActorFlow.Shell.Workflows;

/// <summary>Writes runs as lists show them.</summary>
internal static class SummaryWriter
{
    /// <summary>The table of runs.</summary>
    public static TextTable TableOf(IEnumerable<WorkflowSummary> runs)
    {
        var table = new TextTable("RUN", "DEFINITION", "STATUS", "STARTED", "ENDED", "WHY");
        foreach (var run in runs)
        {
            table.Add(
                run.Id, FormattableString.Invariant($"{run.Definition}@{run.Version}"), run.Status.ToWord(), TimeFormat.Of(run.StartedAt),
                run.ClosedAt is { } ended ? TimeFormat.Of(ended) : "-", run.Failure is { } failure ? TerminalText.Fit($"{failure.Type}: {failure.Message}", 80) : "");
        }

        return table;
    }

    /// <summary>A run for programs.</summary>
    public static Payload JsonOf(WorkflowSummary run) => Payload.Write(writer =>
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
}
