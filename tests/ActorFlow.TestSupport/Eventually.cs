namespace ActorFlow.TestSupport;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    /// <summary>The default deadline: 30 seconds, since the machine may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Completes once the condition holds.</summary>
    /// <param name="condition">Evaluated repeatedly; it must be quick and free of effects.</param>
    /// <param name="what">What the test waits for, for the message of the failure.</param>
    /// <param name="within">The longest wait; null means <see cref="Patience"/>.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var patience = within ?? Patience;
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition().ConfigureAwait(false))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > patience)
            {
                throw new TimeoutException($"Not within {patience.TotalSeconds:0.#} s: {what}.");
            }

            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
