using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Persistence;

/// <summary>Where runs are kept and how hard the store tries; section <c>Persistence</c>.</summary>
public sealed class PersistenceOptions
{
    /// <summary>The configuration section that these options are bound from.</summary>
    public const string Section = "Persistence";

    /// <summary>The directory of the embedded database, made if it is missing. The default is <c>.actorflow</c>. Without use for PostgreSQL.</summary>
    public string DataDirectory { get; set; } = ".actorflow";

    /// <summary>Who writes the journal. The default is <see cref="JournalKind.ActorFlow"/>.</summary>
    public JournalKind Journal { get; set; } = JournalKind.ActorFlow;

    /// <summary>
    /// The PostgreSQL database, as Npgsql reads it: <c>Host=...;Port=...;Database=...;Username=...;Password=...</c>. Needed for
    /// <see cref="JournalKind.Postgres"/>, and refused for any other. The default is empty.
    /// </summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>How many connections write to PostgreSQL at once, 1 to 16; up to 8 more read. The default is 2.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>When a write to the embedded database counts as durable. The default is <see cref="SqliteSynchronous.Full"/>.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long an actor waits for its write at least, 100 ms to 10 min; up to a second longer, or a tenth if that is less. The default is 60 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the writer retries a full or failing disk, or a server that cannot be reached, from the moment a write was asked for; at most
    /// <see cref="CallTimeout"/>, so that the actor hears the reason instead of a timeout. The default is 50 s.
    /// </summary>
    public TimeSpan RetryWindow { get; set; } = TimeSpan.FromSeconds(50);
}

/// <summary>Who writes the journal.</summary>
public enum JournalKind
{
    /// <summary>ActorFlow's own group-committing writer on the tables of Akka.Persistence.Sql.</summary>
    ActorFlow,

    /// <summary>Akka.Persistence.Sql as it comes, on the same tables.</summary>
    Stock,

    /// <summary>ActorFlow's own group-committing writers on PostgreSQL 13 or later, on the same tables: for several nodes.</summary>
    Postgres,

    /// <summary>Nothing on disk: runs live as long as the <see cref="PersistenceStore"/>. For tests.</summary>
    Memory,
}

/// <summary>When SQLite reports a commit: <c>PRAGMA synchronous</c>.</summary>
public enum SqliteSynchronous
{
    /// <summary>After the commit is on the disk: survives a power cut.</summary>
    Full,

    /// <summary>After the operating system has it: survives <c>kill -9</c>; a power cut may lose the last commits.</summary>
    Normal,
}

/// <summary>Checks <see cref="PersistenceOptions"/>; each failure names the key.</summary>
public sealed class PersistenceOptionsValidator : IValidateOptions<PersistenceOptions>
{
    internal const string NoDatabase = "ConnectionString must name a PostgreSQL database: Host=...;Port=...;Database=...;Username=...;Password=...";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PersistenceOptions options)
    {
        var failures = FailuresOf(options).Select(failure => $"{PersistenceOptions.Section}:{failure}").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>What is wrong; each begins with its key.</summary>
    internal static IEnumerable<string> FailuresOf(PersistenceOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory) && options.Journal is not (JournalKind.Memory or JournalKind.Postgres))
        {
            yield return "DataDirectory must name a directory.";
        }
        if (!Enum.IsDefined(options.Journal))
        {
            yield return "Journal must be ActorFlow, Stock, Postgres or Memory.";
        }
        if (DatabaseFailure(options) is { } failure)
        {
            yield return failure;
        }
        if (options.Writers is < 1 or > 16)
        {
            yield return "Writers must lie between 1 and 16.";
        }
        if (!Enum.IsDefined(options.Synchronous))
        {
            yield return "Synchronous must be Full or Normal.";
        }
        if (options.CallTimeout < TimeSpan.FromMilliseconds(100) || options.CallTimeout > TimeSpan.FromMinutes(10))
        {
            yield return "CallTimeout must lie between 100 ms and 10 min.";
        }
        if (options.RetryWindow < TimeSpan.Zero || options.RetryWindow > options.CallTimeout)
        {
            yield return "RetryWindow must lie between 0 and CallTimeout.";
        }
    }

    private static string? DatabaseFailure(PersistenceOptions options) => (options.Journal, options.ConnectionString) switch
    {
        (JournalKind.Postgres, null or "") => NoDatabase,
        (not JournalKind.Postgres, { Length: > 0 }) => "ConnectionString must be empty unless Journal is Postgres.",
        _ => null,
    };
}
