using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Cluster;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class LostWorkerTests : IAsyncLifetime
{
    private const string AttentiveHocon = "\nakka.cluster.failure-detector.acceptable-heartbeat-pause = 4s";

    private readonly TestCluster _cluster = new();
    private TestHost _workflows = null!;
    private TestHost[] _workers = null!;

    private TaskRecorder Tasks => _cluster.Tasks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_lost_worker_ran_is_offered_again_and_its_result_counts_once(bool told)
    {
        await StartAsync(told ? TestHost.Hocon : TestHost.Hocon + AttentiveHocon);
        var gate = Tasks.Hold(execution => execution.Path.StartsWith("each", StringComparison.Ordinal));
        var definition = await _workflows.Engine.KeepAsync(Definitions.Fan(20));
        var id = await _workflows.Engine.StartAsync(definition, Payload.Null);
        await RunningAsync(20);
        var (lost, left) = (_workers[0], _workers[1]);
        var onLost = Tasks.Executions.Where(execution => execution.Node == lost.Name).Select(execution => execution.Path).ToHashSet();
        Assert.NotEmpty(onLost);

        await _cluster.KillAsync(lost, down: told);
        await RunningAsync(20 + onLost.Count);
        gate.Open();
        var end = await _workflows.Engine.EndOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(20 + onLost.Count + 1, Tasks.Executions.Count);
        foreach (var runs in Tasks.Executions.GroupBy(execution => execution.Path))
        {
            Assert.Equal(onLost.Contains(runs.Key) ? [lost.Name, left.Name] : [left.Name], runs.Select(execution => execution.Node));
            Assert.All(runs, execution => Assert.Equal(1, execution.Attempt));
            Assert.Single(runs, execution => execution.End == ExecutionEnd.Returned);
        }
    }

    [Fact]
    public async Task A_leaving_worker_gives_back_what_it_cannot_finish_in_time()
    {
        await StartAsync(TestHost.Hocon);
        var gate = Tasks.Hold(execution => execution.Path.StartsWith("each", StringComparison.Ordinal));
        var definition = await _workflows.Engine.KeepAsync(Definitions.Fan(10));
        var id = await _workflows.Engine.StartAsync(definition, Payload.Null);
        await RunningAsync(10);
        var leaving = _workers[0];
        var given = Tasks.Executions.Where(execution => execution.Node == leaving.Name).ToList();
        Assert.NotEmpty(given);

        await _cluster.StopAsync(leaving);
        await RunningAsync(10 + given.Count);
        gate.Open();
        var end = await _workflows.Engine.EndOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.All(given, execution => Assert.Equal(ExecutionEnd.Cancelled, execution.End));
        Assert.Equal(10 + given.Count + 1, Tasks.Executions.Count);
        Assert.Equal(1, Tasks.MostAtOnceOfOneAttempt);
    }

    [Fact]
    public async Task A_leaving_worker_reports_what_it_finishes_in_time()
    {
        await StartAsync(TestHost.Hocon);
        Tasks.Do(
            execution => execution.Path.StartsWith("each", StringComparison.Ordinal),
            async (_, cancellation) =>
            {
                // Deaf to the request to stop, but soon done.
                var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var registration = cancellation.Register(asked.SetResult);
                await asked.Task;
            });
        var definition = await _workflows.Engine.KeepAsync(Definitions.Fan(10));
        var id = await _workflows.Engine.StartAsync(definition, Payload.Null);
        await RunningAsync(10);

        await Task.WhenAll(_workers.Select(_cluster.StopAsync));
        await _cluster.AddAsync(ClusterOptions.WorkerRole);
        var end = await _workflows.Engine.EndOfAsync(id);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(11, Tasks.Executions.Count);
    }

    private async Task StartAsync(string hocon)
    {
        _workflows = (await _cluster.AddAsync(1, [ClusterOptions.WorkflowRole], options => options.Hocon = hocon))[0];
        _workers = [.. await _cluster.AddAsync(2, [ClusterOptions.WorkerRole], options => options.Hocon = hocon)];
    }

    private Task RunningAsync(int executions) => ActorFlow.TestSupport.Eventually.HoldsAsync(
        () => Tasks.Executions.Count >= executions, $"{executions} executions have begun");
}
