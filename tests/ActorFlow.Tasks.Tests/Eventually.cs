using System.Diagnostics;

namespace ActorFlow.Tasks.Tests;

/// <summary>Waits for what is bound to come, and fails when it does not.</summary>
internal static class Eventually
{
    /// <summary>How long anything may take on a slow machine.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        for (var time = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(time.Elapsed < Deadline, "the condition did not come true in time");
            await Task.Yield();
        }
    }
}
