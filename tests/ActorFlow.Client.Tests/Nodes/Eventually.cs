using System.Diagnostics;

namespace ActorFlow.Client.Tests.Nodes;

/// <summary>Waits for what is bound to come, and fails when it does not.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var time = Stopwatch.StartNew(); !condition(); await timer.WaitForNextTickAsync())
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), "the condition did not come true in time");
        }
    }
}
