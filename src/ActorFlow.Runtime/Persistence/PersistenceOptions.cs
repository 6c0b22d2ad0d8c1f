using ActorFlow.Configuration;
using ActorFlow.Core.Definitions;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Persistence;

/// <summary>Where runs are kept and how hard the store tries; section <c>Persistence</c>.</summary>
public sealed class PersistenceOptions
{
    /// <summary>The name of the section.</summary>
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

    /// <summary>How many connections write to PostgreSQL at once; up to 8 more read.</summary>
    /// <value>From 1 to 16. The default is 2.</value>
    [SettingRange(1, 16)]
    public int Writers { get; set; } = 2;

    /// <summary>When a write to the embedded database counts as durable. The default is <see cref="SqliteSynchronous.Full"/>.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long an actor waits for its write at least; up to a second longer, or a tenth if that is less.</summary>
    /// <value>From 100 ms to 10 minutes. The default is 1 minute.</value>
    [SettingRange("100ms", "10m")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the writer retries a full or failing disk, or a server that cannot be reached, from the moment a write was asked for.
    /// </summary>
    /// <value>
    /// From zero to 10 minutes, and at most <see cref="CallTimeout"/>, so that the actor hears the reason instead of a timeout. The default
    /// is 50 seconds.
    /// </value>
    [SettingRange("0s", "10m")]
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

/// <summary>Checks where runs are kept; each failure is one line with the full key.</summary>
internal static class PersistenceOptionsValidator
{
    internal const string NoDatabase = "ConnectionString must name a PostgreSQL database: Host=...;Port=...;Database=...;Username=...;Password=...";

    /// <summary>What is wrong but for the ranges of attributes; it shows nothing of a connection string.</summary>
    public static IEnumerable<string> FailuresOf(PersistenceOptions options, string path) =>
        FailuresOf(options).Select(failure => $"{path}:{failure}");

    /// <summary>What is wrong, the ranges of attributes included.</summary>
    public static IEnumerable<string> AllFailuresOf(PersistenceOptions options, string path) =>
        [.. new PersistenceOptionRanges().Validate(path, options).Failures ?? [], .. FailuresOf(options, path)];

    private static IEnumerable<string> FailuresOf(PersistenceOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory) && options.Journal is not (JournalKind.Memory or JournalKind.Postgres))
        {
            yield return "DataDirectory must name a directory.";
        }
        if (!Enum.IsDefined(options.Journal))
        {
            yield return $"Journal must be ActorFlow, Stock, Postgres or Memory; it is {options.Journal}.";
        }
        if (DatabaseFailure(options) is { } failure)
        {
            yield return failure;
        }
        if (!Enum.IsDefined(options.Synchronous))
        {
            yield return $"Synchronous must be Full or Normal; it is {options.Synchronous}.";
        }
        if (options.RetryWindow > options.CallTimeout)
        {
            yield return $"RetryWindow must not be longer than CallTimeout, {Duration.Format(options.CallTimeout)}; it is {Duration.Format(options.RetryWindow)}.";
        }
    }

    private static string? DatabaseFailure(PersistenceOptions options) => (options.Journal, options.ConnectionString) switch
    {
        (JournalKind.Postgres, null or "") => NoDatabase,
        (not JournalKind.Postgres, { Length: > 0 }) => "ConnectionString must be empty unless Journal is Postgres.",
        _ => null,
    };
}

/// <summary>Checks the attributes of <see cref="PersistenceOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class PersistenceOptionRanges : IValidateOptions<PersistenceOptions>;
