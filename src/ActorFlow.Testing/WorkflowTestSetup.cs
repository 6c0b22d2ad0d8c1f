using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Testing;

/// <summary>What a <see cref="WorkflowTestHost"/> is made of: its handlers, their services, its time and its chance.</summary>
public sealed class WorkflowTestSetup : HandlerSet
{
    internal WorkflowTestSetup()
    {
    }

    /// <summary>
    /// What handlers get from the container; registrations made here with <c>AddTask</c> are offered too. The virtual clock is in it as the
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public IServiceCollection Services { get; } = new ServiceCollection();

    /// <summary>The time at which the test begins.</summary>
    /// <value>The default is 2026-01-01T00:00:00Z.</value>
    public DateTimeOffset StartTime { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the ids of runs and the jitter of retries come from: the same seed gives the same.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>How long, in virtual time, a cancelled handler may go on before it is abandoned.</summary>
    /// <value>Not negative. The default is 10 seconds, as on a worker.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long, in real time, a handler that waits for something else than virtual time is waited for, before virtual time goes on
    /// without it.
    /// </summary>
    /// <value>More than nothing. The default is 2 seconds. A handler that is meant to hang calls <see cref="TestTaskContext.ForeverAsync()"/>, and costs nothing.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);
}
