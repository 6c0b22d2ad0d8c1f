using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Databases;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>
/// A node over a copy of a database that an earlier program left (<c>Fixtures/Runs</c>), a day later by its clock. What ran there as
/// <c>echo</c> and <c>sleep</c> is recorded here; the task that ran when that program was killed is held.
/// </summary>
public sealed class KeptNode : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 13, 0, 0, TimeSpan.Zero);

    private readonly IAsyncDisposable _copy;
    private readonly TestHost _host;

    private KeptNode(IAsyncDisposable copy, TestHost host, TaskRecorder tasks, ShiftedTime time, TaskGate held) =>
        (_copy, _host, Tasks, Time, Held) = (copy, host, tasks, time, held);

    internal TaskRecorder Tasks { get; }

    internal ShiftedTime Time { get; }

    internal TaskGate Held { get; }

    internal WorkflowEngine Engine => _host.Engine;

    internal IWorkflowIndex Index => _host.Services.GetRequiredService<IWorkflowIndex>();

    public static async Task<KeptNode> OnSqliteAsync()
    {
        var directory = new DataDirectory();
        await using (var file = File.Create(directory.Database))
        {
            await Fixture("sqlite.db").CopyToAsync(file);
        }

        return await StartAsync(directory, options => options.DataDirectory = directory.Path);
    }

    public static async Task<KeptNode> OnPostgresAsync()
    {
        var database = await PrivatePostgres.StartAsync();
        using var dump = new StreamReader(Fixture("postgres.sql"));
        await database.QueryAsync(await dump.ReadToEndAsync());
        return await StartAsync(database, options => (options.Journal, options.ConnectionString) = (JournalKind.Postgres, database.ConnectionString));
    }

    /// <summary>What has run of a run here, by start.</summary>
    public IReadOnlyList<string> PathsOf(string id) =>
        [.. Tasks.Executions.Where(execution => execution.WorkflowId == id).Select(execution => execution.Path)];

    public async Task<string> OutputOfAsync(string id)
    {
        var end = await Engine.EndOfAsync(id).WaitAsync(Eventually.Patience);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        return end.Output.ToString();
    }

    public Task SignalAsync(string id, string name, string json) => Engine.SignalAsync(id, name, Payload.Parse(json));

    public async ValueTask DisposeAsync()
    {
        Held.Open();
        await _host.DisposeAsync();
        await _copy.DisposeAsync();
    }

    private static Stream Fixture(string name) => typeof(KeptNode).Assembly.GetManifestResourceStream($"Runs/{name}")!;

    private static async Task<KeptNode> StartAsync(IAsyncDisposable copy, Action<PersistenceOptions> persist)
    {
        var (tasks, time) = (new TaskRecorder(), new ShiftedTime());
        time.By = Now - time.GetUtcNow();
        var held = tasks.Hold(execution => execution is { WorkflowId: "run", Path: "second" });
        var host = await TestHost.StartAsync(
            "after",
            tasks,
            options =>
            {
                persist(options.Persistence);
                options.Retention = TimeSpan.Zero;
                options.Index.WakeUpInterval = TimeSpan.FromMilliseconds(100);
            },
            time: time,
            handlers: ["echo", "sleep"]);
        return new(copy, host, tasks, time, held);
    }

    private sealed class DataDirectory : IAsyncDisposable
    {
        private readonly TemporaryDirectory _directory = new();

        public string Path => _directory.Path;

        public string Database => _directory.File("actorflow.db");

        public ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
