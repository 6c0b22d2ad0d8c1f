using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Tasks.Tests;

public sealed class SleepHandlerTests
{
    private readonly CountingClock _clock = new();
    private readonly RecordingContext _context = new();

    [Fact]
    public void The_systems_time_is_kept_to_by_precise_timers_and_any_other_clock_is_itself()
    {
        Assert.Same(PreciseTime.Instance, new SleepHandler(TimeProvider.System).Clock);
        Assert.Same(_clock, new SleepHandler(_clock).Clock);
    }

    [Theory]
    [InlineData("\"3s\"")]
    [InlineData("\"PT3S\"")]
    public async Task It_waits_as_long_as_it_is_told_and_gives_null(string duration)
    {
        var run = Run($$"""{"for":{{duration}}}""");

        await PassSecondsAsync(2);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(run.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True((await run).IsNull);
    }

    [Theory]
    [InlineData("\"0s\"")]
    [InlineData("0")]
    public async Task Zero_is_over_at_once(string duration) =>
        Assert.True((await Run($$"""{"for":{{duration}}}""")).IsNull);

    [Fact]
    public async Task A_sleeper_reports_once_a_second()
    {
        var run = Run("""{"for":"1m"}""");

        await PassSecondsAsync(59);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await run;
        Assert.Equal(60, _context.Heartbeats);
    }

    [Fact]
    public async Task Cancelling_wakes_it()
    {
        using var cancel = new CancellationTokenSource();
        var run = Run("""{"for":"100d"}""", cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData("{}", "for")]
    [InlineData("""{"for":"soon"}""", "soon")]
    [InlineData("""{"for":5}""", "5")]
    [InlineData("""{"fro":"5s"}""", "fro")]
    [InlineData("\"5s\"", "object")]
    [InlineData("null", "object")]
    public async Task A_wrong_input_names_its_key_and_is_not_tried_again(string json, string word)
    {
        var failure = await Assert.ThrowsAsync<TaskFailure>(() => Run(json));

        Assert.Equal("InvalidInput", failure.Type);
        Assert.False(failure.Retryable);
        Assert.Contains(word, failure.Message);
    }

    private Task<Payload> Run(string json, CancellationToken cancellationToken = default) =>
        new SleepHandler(_clock).RunAsync(Payload.Parse(json), _context, cancellationToken);

    private async Task PassSecondsAsync(int seconds)
    {
        for (; seconds > 0; seconds--)
        {
            var timers = _clock.Timers;
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => _clock.Timers > timers);
        }
    }

    /// <summary>Tells when a sleeper has lain down again.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }
    }
}
