using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Databases;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>The one node of a test class over kept runs, and how it found them. Each test has runs that no other touches.</summary>
public abstract class KeptRuns : IAsyncLifetime
{
    public static readonly ImmutableSortedDictionary<string, (string Status, int Rows)> All = new Dictionary<string, (string, int)>
    {
        ["ask"] = ("waiting", 2),
        ["checkpoints"] = ("completed", 6),
        ["complete"] = ("completed", 2),
        ["delay"] = ("waiting", 2),
        ["each"] = ("waiting", 7),
        ["fail"] = ("failed", 5),
        ["forked"] = ("completed", 5),
        ["parent"] = ("waiting", 2),
        ["parent/invoice"] = ("waiting", 2),
        ["rewound"] = ("completed", 11),
        ["run"] = ("running", 2),
        ["signal"] = ("waiting", 3),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private KeptNode? _node;

    public KeptNode Node => _node!;

    /// <summary>The journal of each run, before anything went on.</summary>
    internal Dictionary<string, WorkflowReply.History> Histories { get; } = [];

    /// <summary>The index, before anything went on.</summary>
    internal ImmutableArray<WorkflowIndexRow> Rows { get; private set; }

    /// <summary>What ran by itself.</summary>
    internal IReadOnlyList<RecordedExecution> Begun { get; private set; } = [];

    /// <summary>Opens another copy.</summary>
    public abstract Task<KeptNode> OpenAsync();

    public async Task InitializeAsync()
    {
        if (!CanOpen)
        {
            return;
        }

        _node = await OpenAsync();
        foreach (var id in All.Keys)
        {
            Histories.Add(id, await Node.Engine.HistoryAsync(id));
        }

        await Node.Tasks.StartedAsync("run", "second");
        // The program was killed before it wrote the row of its last run.
        await Eventually.HoldsAsync(async () => await Node.Index.GetAsync("run") is not null, "the index has each run");
        Rows = (await Node.Index.ListAsync(new())).Rows;
        Begun = Node.Tasks.Executions;
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    private protected virtual bool CanOpen => true;
}

public sealed class SqliteKeptRuns : KeptRuns
{
    public override Task<KeptNode> OpenAsync() => KeptNode.OnSqliteAsync();
}

public sealed class PostgresKeptRuns : KeptRuns
{
    public override Task<KeptNode> OpenAsync() => KeptNode.OnPostgresAsync();

    /// <summary>Where PostgreSQL is missing, every test is skipped; but in CI it must not be.</summary>
    private protected override bool CanOpen => PrivatePostgres.Missing is null || Environment.GetEnvironmentVariable("CI") is "true";
}
