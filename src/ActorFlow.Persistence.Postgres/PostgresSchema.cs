using System.Globalization;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The tables of a database, made and changed by the files in <c>Schema</c>, each by one node. The version is the one row of table
/// <c>actorflow_schema</c>, which the first file makes.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>"AFLW": nodes that start at once take turns.</summary>
    private const long Lock = 0x41464C57;

    /// <summary>How long to wait for another node that is at it.</summary>
    private const string SetLockTimeout = "SELECT set_config('lock_timeout', '30s', true)";

    /// <summary>Looks into the catalog itself: what a session believes to know of it may be older than the lock that it waited for.</summary>
    private const string Exists =
        "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'actorflow_schema' AND relnamespace = current_schema()::regnamespace)";

    private static readonly SchemaRunner Runner = new(typeof(PostgresSchema).Assembly);

    /// <summary>Checks the database, and makes the tables or brings them up to date; what it refuses, it leaves as it was.</summary>
    /// <exception cref="DatabaseException">It cannot be reached or changed, is another program's, or of a newer version.</exception>
    public static void Prepare(PostgresDatabase database)
    {
        try
        {
            using var session = database.OpenWriter();
            if (session.Scalar("SHOW server_encoding") is not "UTF8")
            {
                throw new DatabaseException($"{database.Name} has an encoding other than UTF8.");
            }
            Runner.Apply(new Tables(session, database));
        }
        catch (NpgsqlException e)
        {
            throw new DatabaseException($"{database.Name} cannot be used: {PostgresErrors.Describe(e)}.", e);
        }
    }

    private sealed class Tables(PostgresSession session, PostgresDatabase database) : ISchemaDatabase
    {
        public string Name => database.Name;

        public int Version() => session.Scalar(Exists) is false ? 0 : (int)session.Scalar("SELECT version FROM actorflow_schema")!;

        public void Transact(Action change) => session.Transact(() =>
        {
            session.Scalar(SetLockTimeout);
            session.Scalar("SELECT pg_advisory_xact_lock($1)", Lock);
            change();
        });

        public void Run(string sql)
        {
            try
            {
                session.Run(sql);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject)
            {
                throw new DatabaseException($"{database.Name} holds tables of another program: {PostgresErrors.Describe(e)}.", e);
            }
        }

        public void Mark(int version) =>
            session.Run(string.Create(CultureInfo.InvariantCulture, $"UPDATE actorflow_schema SET version = {version}, changed = now()"));

        public Exception Refusal(string why) => new DatabaseException(why);
    }
}
