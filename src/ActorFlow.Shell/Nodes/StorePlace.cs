using System.CommandLine;
using ActorFlow.Persistence.Postgres;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Nodes;

/// <summary>The options of a noun that name a store instead of a node: for the first key, before which no node lets anybody in.</summary>
internal sealed class StorePlace
{
    private readonly Option<string?> _data = new("--data") { Description = "The data directory of a node that does not run, instead of a node.", HelpName = "DIR", Recursive = true };
    private readonly Option<string?> _database = new("--database") { Description = "The PostgreSQL database of nodes, instead of a node.", HelpName = "CONNECTION", Recursive = true };

    /// <summary>Adds the options to a noun, for all of its verbs.</summary>
    public StorePlace(Command noun)
    {
        noun.Options.Add(_data);
        noun.Options.Add(_database);
    }

    /// <summary>Whether the command line names a store.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_data) is not null || parsed.GetValue(_database) is not null;

    /// <summary>Opens the store; it is the caller's to dispose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mayMake">Whether a directory that has no store gets one.</param>
    /// <exception cref="CommandFailure">Two are named, or it cannot be used, or is not there and may not be made.</exception>
    public PersistenceStore Open(ParseResult parsed, bool mayMake)
    {
        if (parsed.GetValue(_data) is not { } directory)
        {
            return PostgresPersistence.Open(new PersistenceOptions { Journal = JournalKind.Postgres, ConnectionString = parsed.GetValue(_database)! });
        }

        if (parsed.GetValue(_database) is not null)
        {
            throw new CommandFailure("--data and --database name two stores: give one of them");
        }

        DirectoryRequest.RequireUsable(directory);
        return SqlitePersistence.Open(new PersistenceOptions { DataDirectory = mayMake ? directory : RunWords.Existing(directory) });
    }

    /// <summary>The options again, as they were typed.</summary>
    public IEnumerable<string> WordsOf(ParseResult parsed) =>
        parsed.GetValue(_data) is { } directory ? [_data.Name, directory] : parsed.GetValue(_database) is { } database ? [_database.Name, database] : [];
}
