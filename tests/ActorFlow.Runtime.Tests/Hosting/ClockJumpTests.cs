using System.Diagnostics;
using ActorFlow.Core.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>Failure rule 30: a wall clock that jumps strands no wait, in memory or parked.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestDirectory _directory = new();
    private readonly ShiftedTime _time = new();
    private readonly TaskRecorder _tasks = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_rule_30_a_clock_set_back_by_a_day_and_put_right_holds_a_waiting_run_up_by_seconds(bool parks)
    {
        await using var host = await StartAsync(parks);
        var id = await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Delayed("3s")), Payload.Null);

        _time.By = -Day;
        var since = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(5), "the timer has fired, and found that it is too early");
        Assert.Empty(_tasks.Executions);
        _time.By = TimeSpan.Zero;

        var end = await host.Engine.EndOfAsync(id).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Single(_tasks.Executions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_rule_30_a_clock_put_forward_by_a_day_fires_what_is_due_then_within_half_a_minute(bool parks)
    {
        await using var host = await StartAsync(parks);
        var id = await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Delayed("3h")), Payload.Null);
        await host.Engine.StatusOfAsync(id);

        _time.By = Day;

        var end = await host.Engine.EndOfAsync(id).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Single(_tasks.Executions);
    }

    private Task<TestHost> StartAsync(bool parks) => TestHost.StartAsync(
        "host",
        _tasks,
        options =>
        {
            options.Persistence.DataDirectory = _directory.Path;
            options.PassivateAfter = parks ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromHours(1);
        },
        time: _time);
}
