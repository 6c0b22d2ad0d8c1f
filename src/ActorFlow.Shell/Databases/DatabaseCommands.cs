using System.CommandLine;
using ActorFlow.Persistence.Sqlite.Checking;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Shell.Databases;

/// <summary><c>actorflow db check</c> and <c>db compact</c>: the database of a data directory that no process uses.</summary>
internal static class DatabaseCommands
{
    /// <summary>The verb <c>db</c>.</summary>
    public static Command Create(ShellConsole console)
    {
        var command = new Command("db", "Look after the database of a data directory.") { Check(console), Compact(console) };
        Examples.AddTo(command, "actorflow db check", "actorflow db compact --data .actorflow");
        return command;
    }

    private static Command Check(ShellConsole console)
    {
        var (data, output) = (RunWords.Data(), OutputFormat.Option(console));
        var command = new Command("check", "Read everything in the database, and say what cannot be read and which runs it belongs to.") { data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = Use(parsed.GetValue(data), directory => DatabaseCheck.Run(directory, cancellationToken));
            await (OutputFormat.IsJson(parsed, output)
                ? console.Out.WriteLineAsync(CheckReport.ToJson(report).ToString())
                : CheckReport.WriteAsync(report, console.Out)).ConfigureAwait(false);
            return report.IsSound ? ExitCode.Done : throw new CommandFailure(CheckReport.Summary(report), ExitCode.Unreachable) { IsInResult = true };
        });
        Examples.AddTo(command, "actorflow db check", "actorflow db check --data /var/lib/orders -o json | jq .damagedRuns");
        return command;
    }

    private static Command Compact(ShellConsole console)
    {
        var (data, output) = (RunWords.Data(), OutputFormat.Option(console));
        var command = new Command("compact", "Write the database anew without what purged runs left free. The disk needs room for it once more meanwhile.")
        {
            data, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var (before, after) = Use(parsed.GetValue(data), DatabaseCompaction.Run);
            await console.Out.WriteLineAsync(
                OutputFormat.IsJson(parsed, output)
                    ? Sizes(before, after).ToString()
                    : $"{ByteSize.Of(before)} before, {ByteSize.Of(after)} now: {ByteSize.Of(Math.Max(0, before - after))} freed").ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow db compact", "actorflow db compact --data /var/lib/orders");
        return command;
    }

    private static T Use<T>(string? data, Func<string, T> work)
    {
        try
        {
            return work(RunWords.Existing(data));
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new CommandFailure(missing.Message, ExitCode.NotFound, missing);
        }
        catch (DataDirectoryException unusable)
        {
            throw new CommandFailure(unusable.Message, ExitCode.Unreachable, unusable);
        }
    }

    private static Payload Sizes(long before, long after) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("bytesBefore", before);
        writer.WriteNumber("bytesAfter", after);
        writer.WriteEndObject();
    });
}
