using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Testing;

/// <summary>The setup of a <see cref="WorkflowTestHost"/>: its handlers, their services, its time and its random seed.</summary>
public sealed class WorkflowTestSetup : HandlerSet
{
    internal WorkflowTestSetup()
    {
    }

    /// <summary>
    /// The services of handlers; handlers registered here with <c>AddTask</c> are used too. The virtual clock is registered as the
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public IServiceCollection Services { get; } = new ServiceCollection();

    /// <summary>The time at which the test begins.</summary>
    /// <value>The default is 2026-01-01T00:00:00Z.</value>
    public DateTimeOffset StartTime { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The seed of the ids of runs and of the jitter of retries: the same seed gives the same values.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>How long, in virtual time, a cancelled handler may continue before it is abandoned.</summary>
    /// <value>Not negative. The default is 10 seconds, as on a worker.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long, in real time, the host waits for a handler that waits for something else than virtual time, before virtual time continues
    /// without it.
    /// </summary>
    /// <value>More than zero. The default is 2 seconds. A handler that is meant to hang calls <see cref="TestTaskContext.ForeverAsync()"/>, for which the host does not wait.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);
}
