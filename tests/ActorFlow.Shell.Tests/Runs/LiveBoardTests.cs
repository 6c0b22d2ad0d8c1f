using ActorFlow.Shell.Asking;
using ActorFlow.Shell.Runs;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace ActorFlow.Shell.Tests.Runs;

public sealed class LiveBoardTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveBoard _board;

    public LiveBoardTests() => _board = new(_clock);

    [Fact]
    public void It_lists_active_tasks_oldest_first_with_attempt_and_time()
    {
        _board.RunStarted(10, 3, resumed: false, _clock.GetUtcNow());
        _board.TaskStarted("a", 1, default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        _board.TaskStarted("b", 2, default);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var view = _board.Look(12);

        Assert.Equal([new LiveLine("a", 1, "running", TimeSpan.FromSeconds(6)), new LiveLine("b", 2, "running", TimeSpan.FromSeconds(1))], view.Lines.ToArray());
        Assert.Equal((10, 3, 0, TimeSpan.FromSeconds(6)), (view.Tasks, view.Settled, view.Failed, view.Elapsed));
    }

    [Fact]
    public void A_task_between_two_attempts_counts_down_to_the_next()
    {
        _board.TaskStarted("a", 1, default);
        _board.TaskRetrying("a", 1, "HttpFailed", "503", TimeSpan.FromSeconds(10), default);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new LiveLine("a", 2, "waiting after HttpFailed: 503", TimeSpan.FromSeconds(6)), Assert.Single(_board.Look(12).Lines));

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, Assert.Single(_board.Look(12).Lines).Time);

        _board.TaskStarted("a", 2, default);
        Assert.Equal("running", Assert.Single(_board.Look(12).Lines).State);
    }

    [Fact]
    public void A_task_that_ended_is_gone_and_a_failed_one_is_counted()
    {
        _board.TaskStarted("a", 1, default);
        _board.TaskStarted("b", 1, default);
        _board.TaskEnded("a", TaskEnd.Failed, default, "why");
        _board.TaskEnded("b", TaskEnd.Completed, default);
        _board.TaskEnded("never-started", TaskEnd.Skipped, default);

        Assert.Empty(_board.Look(12).Lines);
        Assert.Equal(1, _board.Look(12).Failed);
    }

    [Fact]
    public void What_there_is_no_room_for_is_counted()
    {
        for (var i = 0; i < 100; i++)
        {
            _board.TaskStarted($"t{i}", 1, default);
        }

        var view = _board.Look(12);

        Assert.Equal(12, view.Lines.Length);
        Assert.Equal("t0", view.Lines[0].Task);
        Assert.Equal(88, view.More);
    }

    [Fact]
    public void The_display_shows_the_bar_the_tasks_and_how_many_more_there_are()
    {
        _board.RunStarted(30, 15, resumed: false, _clock.GetUtcNow());
        _board.TaskStarted("charge [red]card[/]", 2, default);
        _board.TaskStarted("hidden", 1, default);
        _board.TaskEnded("x", TaskEnd.Failed, default);
        _clock.Advance(TimeSpan.FromSeconds(65));

        var lines = Draw(new BoardPicture(_board.Look(1), "order v3"), width: 100);

        Assert.Equal($"order v3  {new string('━', 30)}  15/30  1 failed  1m 5s", lines[0]);
        Assert.Equal("  charge [red]card[/]     1m 5s  attempt 2 running", lines[1]);
        Assert.Equal("  and 1 more", lines[2]);
        Assert.Equal(3, lines.Length);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(20)]
    public void No_line_of_the_display_wraps(int width)
    {
        _board.RunStarted(1_000_000, 1, resumed: false, _clock.GetUtcNow());
        _board.TaskStarted(new string('t', 90), 1, default);
        _board.TaskStarted("wide-\u6f22\u5b57", 1, default);
        _board.TaskRetrying("wide-\u6f22\u5b57", 1, "HttpFailed", new string('m', 300), TimeSpan.FromDays(2), default);

        var lines = Draw(new BoardPicture(_board.Look(12), "order-fulfilment v3"), width);

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length < width, line));
    }

    [Fact]
    public void At_60_columns_the_counts_the_failures_and_the_time_are_there()
    {
        _board.RunStarted(345, 12, resumed: false, _clock.GetUtcNow());
        _board.FailedBefore("x");
        _clock.Advance(TimeSpan.FromSeconds(65));

        var header = Draw(new BoardPicture(_board.Look(12), "order-fulfilment-of-the-northern-warehouse v3"), width: 60)[0];

        Assert.StartsWith("order-fulfilment-of", header);
        Assert.EndsWith("━  12/345  1 failed  1m 5s", header);
    }

    [Fact]
    public void A_resumed_run_shows_its_own_time_and_what_failed_before()
    {
        _board.RunStarted(10, 3, resumed: true, _clock.GetUtcNow() - TimeSpan.FromHours(2));
        _board.FailedBefore("a");
        _board.FailedBefore("b");
        _clock.Advance(TimeSpan.FromSeconds(5));
        _board.TaskStarted("a", 2, default);

        Assert.Equal((TimeSpan.FromHours(2) + TimeSpan.FromSeconds(5), 1), (_board.Look(12).Elapsed, _board.Look(12).Failed));
    }

    [Fact]
    public void A_delay_says_until_when_and_counts_down()
    {
        var until = _clock.GetUtcNow() + TimeSpan.FromMinutes(3);
        _board.TaskWaiting("d", until);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new LiveLine("d", 1, $"waiting until {TimeFormat.Of(until)}", TimeSpan.FromMinutes(2)), Assert.Single(_board.Look(12).Lines));
    }

    [Fact]
    public async Task The_display_ends_with_the_work_and_gives_its_result()
    {
        var work = new TaskCompletionSource<int>();
        using var turn = new TerminalTurn();
        var shown = BoardDisplay.ShowAsync(_board, "order v3", new StringWriter(), turn, work.Task);

        work.SetResult(7);

        Assert.Equal(7, await shown.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task The_display_writes_nothing_while_a_question_is_asked_and_comes_back_after_it()
    {
        var work = new TaskCompletionSource<int>();
        var written = new CountedWriter();
        using var turn = new TerminalTurn();
        var shown = BoardDisplay.ShowAsync(_board, "order v3", written, turn, work.Task);
        await written.MoreAsync();

        var asking = await turn.ToAskAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        var before = written.Count;
        _board.Counted(2, 1);
        Assert.Equal(before, written.Count);
        Assert.False(shown.IsCompleted);
        asking.Dispose();
        await written.MoreAsync();

        work.SetResult(7);
        Assert.Equal(7, await shown.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private sealed class CountedWriter : StringWriter
    {
        private readonly SemaphoreSlim _more = new(0);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override void Write(string? value)
        {
            Interlocked.Increment(ref _count);
            _more.Release();
            base.Write(value);
        }

        /// <summary>Waits until something is written from now on.</summary>
        public async Task MoreAsync()
        {
            while (_more.Wait(0))
            {
                // What was written before does not count.
            }

            Assert.True(await _more.WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    private static string[] Draw(BoardPicture picture, int width)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(picture);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];
    }
}
