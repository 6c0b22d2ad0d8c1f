using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>Failure rule 33: the purge never holds up writers for more than 20 ms, however slow the store is or becomes.</summary>
public sealed class PurgePaceTests
{
    private readonly PurgePace _pace = new();

    [Theory]
    [InlineData(5, 2_000)]
    [InlineData(100, 100)]
    [InlineData(2_000, 5)]
    public void A_transaction_grows_or_shrinks_until_it_takes_half_of_the_limit(int microsecondsPerUnit, int fitting)
    {
        var last = TimeSpan.Zero;
        for (var n = 0; n < 100; n++)
        {
            last = Commit(microsecondsPerUnit);
        }

        Assert.InRange(_pace.Units, fitting * 0.9, fitting * 1.1);
        Assert.InRange(last, PurgePace.Limit * 0.4, PurgePace.Limit * 0.6);
    }

    [Fact]
    public void Only_the_first_transactions_on_a_disk_that_became_ten_times_slower_are_too_long()
    {
        Repeat(50, () => Commit(10));
        var tooLong = 0;

        Repeat(50, () => tooLong += Commit(100) > PurgePace.Limit ? 1 : 0);

        Assert.InRange(tooLong, 1, 2);
    }

    [Fact]
    public void However_slow_the_store_is_a_row_is_deleted_at_a_time()
    {
        Repeat(20, () => Commit(1_000_000));

        Assert.Equal(1, _pace.Units);
        Assert.Equal(TimeSpan.FromSeconds(1), _pace.Note(1, TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void However_quick_it_is_a_transaction_has_a_limit_and_small_ones_say_nothing_of_large_ones()
    {
        Repeat(100, () => _pace.Note(1, TimeSpan.FromMicroseconds(1)));
        Assert.Equal(100, _pace.Units);

        Repeat(100, () => _pace.Note(_pace.Units, TimeSpan.Zero));
        Assert.Equal(PurgePace.Most, _pace.Units);
    }

    [Fact]
    public void The_store_is_left_to_others_for_as_long_as_the_purge_had_it()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(12), _pace.Note(100, TimeSpan.FromMilliseconds(12)));
        Assert.Equal(TimeSpan.FromMilliseconds(1), _pace.Note(10, TimeSpan.Zero));
    }

    [Fact]
    public void A_transaction_takes_whole_runs_as_they_come_and_none_that_is_too_large()
    {
        DueRun[] runs = [Run(40), Run(60), Run(1)];

        Assert.Equal(2, _pace.Cut(runs));
        Assert.Equal(1, _pace.Cut([Run(0), Run(101), Run(1)]));
        Assert.Equal(0, _pace.Cut([Run(101), Run(1)]));
        Assert.Equal(0, _pace.Cut([]));
    }

    private TimeSpan Commit(int microsecondsPerUnit)
    {
        var took = TimeSpan.FromMicroseconds((double)microsecondsPerUnit * _pace.Units);
        _pace.Note(_pace.Units, took);
        return took;
    }

    private static void Repeat(int times, Action what)
    {
        for (var n = 0; n < times; n++)
        {
            what();
        }
    }

    private static DueRun Run(long units) => new("a", Guid.Empty, 1, units);
}
