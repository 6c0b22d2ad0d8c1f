using System.CommandLine;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Core.Workflows;
using ActorFlow.Node.Admin;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Shell.Nodes;

namespace ActorFlow.Shell;

/// <summary>The arguments and options that the verbs about runs share.</summary>
internal static class RunWords
{
    /// <summary>The default data directory.</summary>
    public const string DefaultDataDirectory = ".actorflow";

    /// <summary>The run that a verb is about; a child's id has slashes.</summary>
    public static Argument<string> Run()
    {
        var run = new Argument<string>(RunArguments.Run.Name) { Description = RunArguments.Run.Description };
        CommandVerbs.CheckAs(RunArguments.Run, run.Validators);
        return run;
    }

    /// <summary>The id of a new run, with the description that the verb gives the option.</summary>
    public static Option<string?> Id(string description) =>
        Id(description, "A-Z a-z 0-9 . _ ~ -", Identifiers.IsRunId);

    /// <summary>The id of a new run, or of an existing one: a child's has slashes.</summary>
    public static Option<string?> IdOrChildId(string description) =>
        Id(description, "A-Z a-z 0-9 . _ ~ - /", Identifiers.IsRunOrChildId);

    private static Option<string?> Id(string description, string characters, Func<string, bool> isId)
    {
        var id = new Option<string?>("--id") { Description = description };
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !isId(token.Value))
            {
                result.AddError($"--id takes 1 to {Limits.IdLength} of the characters {characters}, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        return id;
    }

    /// <summary>The directory that holds the database.</summary>
    public static Option<string?> Data() =>
        new("--data") { Description = $"The directory of the database ({DefaultDataDirectory})." };

    /// <summary>How many attempts the worker runs at once.</summary>
    public static Option<int?> Parallel()
    {
        var parallel = new Option<int?>("--parallel") { Description = "How many tasks may run at once." };
        parallel.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is >= 1 and <= 10_000))
            {
                result.AddError($"--parallel takes a number from 1 to 10000, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        return parallel;
    }

    /// <summary>A checkpoint by name or number.</summary>
    public static Option<string?> Checkpoint(string name, string description) => new(name) { Description = description, HelpName = "NAME|#N" };

    /// <summary>The existing data directory: a verb that only reads does not make one.</summary>
    /// <exception cref="CommandFailure">There is no such directory.</exception>
    public static string Existing(string? data)
    {
        var directory = data ?? DefaultDataDirectory;
        // A path that is not a directory is refused by the node.
        if (string.IsNullOrWhiteSpace(directory) || File.Exists(directory) || IsClosedToUs(directory) || DataDirectory.HoldsData(directory))
        {
            return directory;
        }

        var what = Directory.Exists(directory) ? "nothing is stored in" : "there is no data directory";
        throw new CommandFailure($"{what} {Path.GetFullPath(directory)}; name another with --data", ExitCode.NotFound);
    }

    private static bool IsClosedToUs(string directory)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(directory).GetEnumerator();
            entries.MoveNext();
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>The command line that resumes a run.</summary>
    /// <param name="run">Its id.</param>
    /// <param name="data">The data directory as it was named; null means the default.</param>
    public static string GoOn(string run, string? data) =>
        CommandLine.Of(["actorflow", "run", "--id", run, data is null ? null : "--data", data]);
}
