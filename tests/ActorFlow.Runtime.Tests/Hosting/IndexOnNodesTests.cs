using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tests.Index;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class IndexOnNodesTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rows_that_runs_sent_before_a_stop_are_in_the_index_after_it()
    {
        await using (var before = await StartAsync())
        {
            var writer = await before.Services.GetRequiredService<IRequiredActor<IndexWriter>>().GetAsync();
            for (var n = 0; n < 2_000; n++)
            {
                writer.Tell(new IndexRowChanged(Rows.Row($"r{n}")));
            }
        }

        await using var store = SqlitePersistence.Open(new() { DataDirectory = _directory.Path });
        var counts = await store.Index.CountAsync(new());

        Assert.Equal(2_000, counts[WorkflowStatus.Running]);
    }

    [Fact]
    public async Task A_node_wakes_what_is_due_and_one_after_runs_of_its_own_does_not()
    {
        await using (var embedded = await StartAsync(rememberRuns: false))
        {
            var index = embedded.Services.GetRequiredService<IWorkflowIndex>();
            await index.UpsertAsync([Rows.Row("other").WakingAt(Rows.Noon)]);
            var writer = await embedded.Services.GetRequiredService<IRequiredActor<IndexWriter>>().GetAsync();
            writer.Tell(new IndexRowChanged(Rows.Row("own").WakingAt(Rows.Noon)));

            await Eventually.HoldsAsync(() => IsClaimedAsync(index, "own"), "the run that the node knows is woken");
            Assert.False(await IsClaimedAsync(index, "other"));
        }

        await using var node = await StartAsync();
        await Eventually.HoldsAsync(
            () => IsClaimedAsync(node.Services.GetRequiredService<IWorkflowIndex>(), "other"), "every run is woken");
        Assert.Empty(node.Log.Errors);
    }

    /// <summary>Whether somebody has claimed the run, which is in the index by then. Asking claims it for no time.</summary>
    private static async Task<bool> IsClaimedAsync(IWorkflowIndex index, string id) =>
        await index.GetAsync(id) is not null
        && (await index.ClaimDueAsync(DateTimeOffset.UtcNow, 1, TimeSpan.Zero, [id])).IsEmpty;

    private Task<TestHost> StartAsync(bool rememberRuns = true) => TestHost.StartAsync("node", new(), options =>
    {
        options.Persistence.DataDirectory = _directory.Path;
        options.Cluster.RememberRuns = rememberRuns;
        options.Index.WakeUpInterval = TimeSpan.FromMilliseconds(100);
    });
}
