using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Runtime.Tests.Client;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>Reads that fail in between, as while a run moves: whoever repeats them misses nothing and sees nothing twice.</summary>
public sealed class RunHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkflowPlan Plan = WorkflowPlan.Compile(Definitions.Linear(1));
    private static readonly Guid RunId = Guid.CreateVersion7();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_read_that_failed_between_two_pages_and_is_repeated_has_no_gap(int limit)
    {
        var whole = await AllOfAsync(HistoryOf(failsAt: null), limit);

        for (var page = 1; page <= 6; page++)
        {
            Assert.Equal(whole, await AllOfAsync(HistoryOf(page), limit));
        }

        Assert.Equal(["run-started", "signal-received", "signal-received", "signal-received", "signal-received"], whole.Select(read => read.Event));
    }

    [Fact]
    public async Task A_row_whose_definition_cannot_be_read_at_first_is_read_once()
    {
        var tries = 0;
        var history = new RunHistory(
            (from, _) => Task.FromResult(Page(from, rows: 5)),
            (_, _) => ++tries < 3 ? throw new TimeoutException("not yet") : Task.FromResult(Plan),
            "run");

        var read = await AllOfAsync(history, 2);

        Assert.Equal((3, 5), (tries, read.Select(one => one.Token).Distinct().Count()));
        Assert.Equal(5, read.Count);
    }

    // One row a page, and a page that cannot be read once.
    private static RunHistory HistoryOf(int? failsAt)
    {
        var asked = 0;
        return new(
            (from, _) => ++asked == failsAt ? throw new TimeoutException("moving") : Task.FromResult(Page(from, rows: 1)),
            (_, _) => Task.FromResult(Plan),
            "run");
    }

    private static async Task<List<HistoryEvent>> AllOfAsync(RunHistory history, int limit)
    {
        var all = new List<HistoryEvent>();
        for (var (place, last) = (HistoryToken.Start, false); !last;)
        {
            try
            {
                var page = await history.ReadAsync(place, limit, CancellationToken.None);
                all.AddRange(page.Items);
                (place, last) = (page.Next, page.IsLast);
            }
            catch (TimeoutException)
            {
                // Whoever watches asks again.
            }
        }

        return all;
    }

    private static WorkflowReply.History Page(long from, int rows) => new(
        "run", [.. Enumerable.Range((int)from, rows).Where(row => row <= 5).Select(row => new JournalEntry(row, [CommitOf(row)]))], 5);

    private static WorkflowCommit CommitOf(int row) => new(
        Noon.AddSeconds(row),
        null,
        [row == 1
            ? new WorkflowEvent.Started("run", RunId, Plan.Definition.ToReference(), Payload.Null)
            : new WorkflowEvent.SignalReceived($"s{row}", Payload.Null)]);
}
