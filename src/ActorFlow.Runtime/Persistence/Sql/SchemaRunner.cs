using System.Globalization;
using System.Reflection;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>
/// Brings the tables of a database to the newest version. The versions are the embedded files <c>Schema/0001-what.sql</c> and on, each
/// with the statements that lead to it from the version before. A file that was released is never changed.
/// </summary>
internal sealed class SchemaRunner
{
    private const string Folder = "Schema/";

    private readonly Assembly _assembly;
    private readonly string[] _files;

    /// <param name="assembly">Where the files are embedded.</param>
    /// <exception cref="InvalidOperationException">Their numbers are not 1, 2, 3 and so on.</exception>
    public SchemaRunner(Assembly assembly)
    {
        _assembly = assembly;
        _files = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        for (var i = 0; i < _files.Length; i++)
        {
            if (!_files[i].StartsWith(string.Create(CultureInfo.InvariantCulture, $"{Folder}{i + 1:0000}-"), StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{assembly.GetName().Name}: {_files[i]} stands where version {i + 1} of the schema belongs.");
            }
        }
    }

    /// <summary>The version that this program writes.</summary>
    public int Newest => _files.Length;

    /// <summary>The version of a database; 0: it has no tables.</summary>
    /// <exception cref="Exception">It is newer than this program; as <see cref="ISchemaDatabase.Refusal"/> makes it.</exception>
    public int Check(ISchemaDatabase database)
    {
        var version = database.Version();
        return version <= Newest
            ? version
            : throw database.Refusal(
                $"{database.Name} has schema version {version}, this ActorFlow knows up to {Newest}: use a newer ActorFlow.");
    }

    /// <summary>Applies the versions that are missing, each in a transaction of its own with its mark: after a crash the next start goes on.</summary>
    /// <inheritdoc cref="Check"/>
    public void Apply(ISchemaDatabase database)
    {
        // Looks before it locks: a database that is up to date is opened without waiting for anybody.
        while (Check(database) < Newest)
        {
            database.Transact(() => ApplyNext(database));
        }
    }

    private void ApplyNext(ISchemaDatabase database)
    {
        // Somebody else may have been at it before the lock was free.
        var next = Check(database) + 1;
        if (next <= Newest)
        {
            database.Run(Read(_files[next - 1]));
            database.Mark(next);
        }
    }

    private string Read(string file)
    {
        using var reader = new StreamReader(_assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }
}

/// <summary>A database as the <see cref="SchemaRunner"/> sees it.</summary>
internal interface ISchemaDatabase
{
    /// <summary>The database, for people.</summary>
    string Name { get; }

    /// <summary>The version that it is marked with; 0: it is new.</summary>
    int Version();

    /// <summary>Does a change in one transaction, while nobody else changes the tables; what throws leaves nothing behind.</summary>
    void Transact(Action change);

    /// <summary>Runs the statements of a file.</summary>
    void Run(string sql);

    /// <summary>Marks it with a version.</summary>
    void Mark(int version);

    /// <summary>The exception that tells the user why the database cannot be used.</summary>
    /// <param name="why">One line.</param>
    Exception Refusal(string why);
}
