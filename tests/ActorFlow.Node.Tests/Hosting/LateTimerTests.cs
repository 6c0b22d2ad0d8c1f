using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Node.Tests.Hosting;

/// <summary>A timer of the node may fire while what it limits ends: an exception there would end the process.</summary>
public sealed class LateTimerTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task The_limit_of_a_wait_may_pass_as_the_wait_ends()
    {
        var services = fixture.Node.Services;
        var clock = new LateClock();
        var api = new WorkflowApi(fixture.Node.Local, services.GetRequiredService<ApiGate>(), services.GetRequiredService<AuditTrail>(), services.GetRequiredService<NodeDrain>(), clock);
        var run = await fixture.Node.Local.StartAsync("echo", Payload.From(7));

        var result = await api.ResultAsync(new("test", ApiRole.Viewer), run.Id, TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.Equal("7", result!.Output!.ToString());
        Assert.Equal(1, clock.Fire());
    }

    [Fact]
    public async Task Calls_may_look_whether_the_node_leaves_after_its_host_is_gone()
    {
        var drain = new NodeDrain(new() { DrainDelay = TimeSpan.Zero }, TimeProvider.System);

        await drain.StoppingAsync(CancellationToken.None);
        drain.Dispose();

        Assert.True(drain.Left.IsCancellationRequested);
    }

    /// <summary>A clock whose timers fire when they are told to, even after they are disposed of, as one does that was just about to fire.</summary>
    private sealed class LateClock : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new QuietTimer();
        }

        /// <summary>Fires all timers there ever were, and counts them.</summary>
        public int Fire()
        {
            _timers.ForEach(fire => fire());
            return _timers.Count;
        }

        private sealed class QuietTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
