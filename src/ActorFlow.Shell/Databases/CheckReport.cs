using System.Globalization;
using ActorFlow.Persistence.Sqlite.Checking;
using ActorFlow.Shell.Records;

namespace ActorFlow.Shell.Databases;

/// <summary>Writes the result of a database check, for people and for programs.</summary>
internal static class CheckReport
{
    /// <summary>A summary in one line.</summary>
    public static string Summary(DatabaseReport report)
    {
        var damaged = report.DamagedRuns.Length;
        var runs = string.Create(CultureInfo.InvariantCulture, $"{damaged} of {Math.Max(report.Runs, damaged)} runs {(damaged == 1 ? "has" : "have")} parts that cannot be read");
        return report.IsSound
            ? $"{report.File} is sound"
            : $"{report.File} is damaged: {(damaged > 0 ? runs : "what cannot be read belongs to no run")}. "
                + "Put back a copy of the whole directory, or go on with the other runs";
    }

    /// <summary>Writes the report for people.</summary>
    public static async Task WriteAsync(DatabaseReport report, TextWriter writer)
    {
        var counts = new TextTable("WHAT", "COUNT");
        counts.Add("runs", Number(report.Runs));
        counts.Add("rows of the journal", Number(report.Rows));
        counts.Add("events", Number(report.Events));
        counts.Add("snapshots", Number(report.Snapshots));
        counts.Add("payloads", Number(report.Payloads));
        counts.Add("definitions", Number(report.Definitions));
        await counts.WriteAsync(writer).ConfigureAwait(false);
        await writer.WriteLineAsync().ConfigureAwait(false);
        await writer.WriteLineAsync(
            $"{report.File}: schema {Number(report.SchemaVersion)}, {ByteSize.Of(report.Bytes)}, {ByteSize.Of(report.FreeBytes)} of it free").ConfigureAwait(false);
        if (report.IsSound)
        {
            await writer.WriteLineAsync("everything can be read").ConfigureAwait(false);
            return;
        }

        await writer.WriteLineAsync().ConfigureAwait(false);
        var problems = new TextTable("RUN", "PROBLEM");
        foreach (var run in report.DamagedRuns)
        {
            foreach (var problem in run.Problems)
            {
                problems.Add(run.Id, problem);
            }
        }

        foreach (var problem in report.Problems)
        {
            problems.Add("-", problem);
        }

        await problems.WriteAsync(writer).ConfigureAwait(false);
    }

    /// <summary>The report for programs.</summary>
    public static Payload ToJson(DatabaseReport report) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("sound", report.IsSound);
        writer.WriteString("file", report.File);
        writer.WriteNumber("schema", report.SchemaVersion);
        writer.WriteNumber("bytes", report.Bytes);
        writer.WriteNumber("freeBytes", report.FreeBytes);
        writer.WriteNumber("runs", report.Runs);
        writer.WriteNumber("rows", report.Rows);
        writer.WriteNumber("events", report.Events);
        writer.WriteNumber("snapshots", report.Snapshots);
        writer.WriteNumber("payloads", report.Payloads);
        writer.WriteNumber("definitions", report.Definitions);
        writer.WriteStartArray("damagedRuns");
        foreach (var run in report.DamagedRuns)
        {
            writer.WriteStartObject();
            writer.WriteString("id", run.Id);
            WriteAll("problems", run.Problems);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteAll("problems", report.Problems);
        writer.WriteEndObject();

        void WriteAll(string name, IEnumerable<string> problems)
        {
            writer.WriteStartArray(name);
            foreach (var problem in problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
        }
    });

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
