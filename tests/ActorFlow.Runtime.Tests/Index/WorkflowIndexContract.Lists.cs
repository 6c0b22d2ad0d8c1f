using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tests.Persistence.Databases;

namespace ActorFlow.Runtime.Tests.Index;

/// <summary>What lists and counts give, and what is claimed.</summary>
public abstract partial class WorkflowIndexContract
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    public static TheoryData<object, string> Filters => new()
    {
        { new IndexQuery(), "e d c b a" },
        { new IndexQuery() { Statuses = [WorkflowStatus.Failed] }, "b" },
        { new IndexQuery() { Statuses = [WorkflowStatus.Failed, WorkflowStatus.Waiting] }, "c b" },
        { new IndexQuery() { Definition = "order" }, "e b a" },
        { new IndexQuery() { Definition = "order", Version = 2 }, "b" },
        { new IndexQuery() { Version = 2 }, "b" },
        { new IndexQuery() { Definition = "Order" }, "" },
        { new IndexQuery() { StartedSince = Rows.Noon.AddMinutes(3) }, "e d c" },
        { new IndexQuery() { StartedUntil = Rows.Noon.AddMinutes(3) }, "b a" },
        { new IndexQuery() { StartedSince = Rows.Noon.AddMinutes(2), StartedUntil = Rows.Noon.AddMinutes(4) }, "c b" },
        { new IndexQuery() { Tags = Tags(("team", "blue")) }, "c b a" },
        { new IndexQuery() { Tags = Tags(("team", "blue"), ("tier", "gold")) }, "c a" },
        { new IndexQuery() { Tags = Tags(("team", "gold")) }, "" },
        { new IndexQuery() { Tags = Tags(("team", "blue"), ("tier", "gold")), StartedSince = Rows.Noon.AddMinutes(2) }, "c" },
        { new IndexQuery() { Tags = Tags(("team", "blue")), Statuses = [WorkflowStatus.Failed], Definition = "order", Text = "CARD" }, "b" },
        { new IndexQuery() { Parent = "a" }, "d c" },
        { new IndexQuery() { Parent = "a", Tags = Tags(("team", "blue")) }, "c" },
        { new IndexQuery() { Text = "CardDecl" }, "b" },
        { new IndexQuery() { Text = "\u00dcBER" }, "b" },
        { new IndexQuery() { Text = "refund" }, "d c" },
        { new IndexQuery() { Text = "GOLD" }, "c a" },
        { new IndexQuery() { Text = "100%" }, "d" },
        { new IndexQuery() { Text = "1%0" }, "" },
        { new IndexQuery() { Text = "_00%" }, "" },
        { new IndexQuery() { Text = "team" }, "" },
        { new IndexQuery() { Text = "it's\\" }, "d" },
        { new IndexQuery() { Text = "" }, "e d c b a" },
    };

    [StoreTheory]
    [MemberData(nameof(Filters))]
    public async Task Lists_and_counts_hold_the_runs_that_fit_and_no_others(object filter, string ids)
    {
        var query = (IndexQuery)filter;
        await Index.UpsertAsync(Sample);

        Assert.Equal(ids, string.Join(' ', (await Index.ListAsync(query)).Rows.Select(row => row.WorkflowId)));
        var expected = Sample.Where(row => ids.Split(' ').Contains(row.WorkflowId)).CountBy(row => row.Status).ToDictionary(pair => pair.Key, pair => (long)pair.Value);
        Assert.Equal(expected, await Index.CountAsync(query));
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1_000)]
    public async Task Pages_hold_every_run_once_in_order_while_others_start(int limit)
    {
        // Pairs that started at the same time, so that pages end within one.
        await Index.UpsertAsync([.. Enumerable.Range(0, 50).Select(n => Rows.Row($"old-{n:00}", minute: n / 2).Tagged(("k", "v")))]);
        var plain = await AllPagesAsync(new() { Limit = limit }, interfere: true);
        var tagged = await AllPagesAsync(new() { Limit = limit, Tags = Tags(("k", "v")) }, interfere: false);

        string[] expected = [.. Enumerable.Range(0, 50).Reverse().Select(n => $"old-{n:00}")];
        Assert.Equal(expected, plain);
        Assert.Equal(expected, tagged);
    }

    [StoreTheory]
    [InlineData(0, null)]
    [InlineData(1_001, null)]
    [InlineData(10, "nonsense")]
    [InlineData(10, "!")]
    [InlineData(10, "")]
    public async Task A_page_out_of_range_is_refused(int limit, string? continuation)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Index.ListAsync(new() { Limit = limit, Continuation = continuation }));
    }

    [StoreFact]
    public async Task Due_runs_are_claimed_in_order_and_again_only_once_the_claim_is_over()
    {
        var now = Rows.Noon;
        await Index.UpsertAsync(
        [
            Rows.Row("third").WakingAt(now),
            Rows.Row("first").WakingAt(now.AddMinutes(-2)),
            Rows.Row("later").WakingAt(now.AddTicks(1)),
            Rows.Row("second").WakingAt(now.AddMinutes(-1)),
            Rows.Row("never"),
        ]);

        Assert.Equal(["first", "second"], await DueAsync(now, 2));
        Assert.Equal(["third"], await DueAsync(now, 2));
        Assert.Empty(await DueAsync(now + HalfAMinute - TimeSpan.FromTicks(2), 1, "first", "second", "third"));
        Assert.Equal(["first", "second", "third", "later"], await DueAsync(now + HalfAMinute, 9));
    }

    [StoreFact]
    public async Task A_new_time_to_wake_ends_a_claim_and_the_same_time_does_not()
    {
        var now = Rows.Noon;
        await Index.UpsertAsync([Rows.Row("same").WakingAt(now), Rows.Row("new").WakingAt(now), Rows.Row("done").WakingAt(now)]);
        Assert.Equal(3, (await DueAsync(now, 9)).Length);

        await Index.UpsertAsync(
        [
            Rows.Row("same", sequence: 2).WakingAt(now), Rows.Row("new", sequence: 2).WakingAt(now.AddSeconds(1)), Rows.Row("done", sequence: 2),
        ]);

        Assert.Equal(["new"], await DueAsync(now.AddSeconds(1), 9));
        Assert.Equal(["same"], await DueAsync(now + HalfAMinute, 9));
    }

    [StoreFact]
    public async Task Due_runs_are_claimed_among_those_that_were_named()
    {
        await Index.UpsertAsync([Rows.Row("mine").WakingAt(Rows.Noon), Rows.Row("other").WakingAt(Rows.Noon)]);

        Assert.Equal(["mine"], await DueAsync(Rows.Noon, 9, "mine", "unknown"));
        Assert.Empty(await Index.ClaimDueAsync(Rows.Noon, 9, HalfAMinute, []));
        Assert.Equal(["other"], await DueAsync(Rows.Noon, 9));
    }

    [StoreFact]
    public async Task Two_pollers_claim_each_due_run_once()
    {
        await Index.UpsertAsync([.. Enumerable.Range(0, 400).Select(n => Rows.Row($"r{n}").WakingAt(Rows.Noon.AddTicks(-n)))]);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await DueAsync(Rows.Noon, 7) is { Length: > 0 } runs)
            {
                mine.AddRange(runs);
            }

            return mine;
        })));

        var all = claimed.SelectMany(ids => ids).ToList();
        Assert.Equal(400, all.Count);
        Assert.Equal(400, all.Distinct().Count());
    }

    [StoreFact]
    public async Task Runs_that_closed_long_ago_and_may_owe_something_are_claimed_once_the_longest_closed_first()
    {
        await Index.UpsertAsync(
        [
            Rows.Row("newer").ClosedAt(Rows.Noon.AddDays(2)) with { Owes = RunDebts.Unknown },
            Rows.Row("older").ClosedAt(Rows.Noon.AddDays(1)) with { Owes = RunDebts.Children },
            Rows.Row("fresh").ClosedAt(Rows.Noon.AddDays(3)) with { Owes = RunDebts.Unknown },
            Rows.Row("open"),
        ]);
        var now = Rows.Noon.AddDays(33);

        async Task<ClaimedRun[]> Claim(DateTimeOffset at, int max) =>
            [.. await Index.ClaimOwingAsync(Rows.Noon.AddDays(3), at, max, TimeSpan.FromMinutes(10))];

        Assert.Equal([new("older", Rows.Run(1))], await Claim(now, 1));
        Assert.Equal([new("newer", Rows.Run(1))], await Claim(now, 9));
        Assert.Empty(await Claim(now.AddMinutes(9), 9));
        Assert.Equal(["older", "newer"], (await Claim(now.AddMinutes(10), 9)).Select(run => run.WorkflowId));
    }

    private static WorkflowIndexRow[] Sample =>
    [
        Rows.Row("a", 1).Tagged(("team", "blue"), ("tier", "gold")),
        Rows.Row("b", 2, status: WorkflowStatus.Failed).Tagged(("team", "blue")) with { Version = 2, Failure = new("CardDeclined", "\u00fcber the limit") },
        Rows.Row("c", 3, status: WorkflowStatus.Waiting).Tagged(("team", "blue"), ("tier", "gold")) with { Definition = "refund", Parent = "a" },
        Rows.Row("d", 4).Tagged(("team", "red"), ("note", "100% it's\\so")) with { Definition = "refund", Parent = "a" },
        Rows.Row("e", 5, status: WorkflowStatus.Completed),
    ];

    private static ImmutableSortedDictionary<string, string> Tags(params (string Key, string Value)[] tags) => Rows.Row("x").Tagged(tags).Tags;

    private async Task<string[]> DueAsync(DateTimeOffset now, int max, params string[] among) =>
        [.. (await Index.ClaimDueAsync(now, max, HalfAMinute, among.Length == 0 ? null : among)).Select(run => run.WorkflowId)];

    private async Task<List<string>> AllPagesAsync(IndexQuery query, bool interfere)
    {
        var found = new List<string>();
        for (var page = await Index.ListAsync(query); ; page = await Index.ListAsync(query with { Continuation = page.Continuation }))
        {
            Assert.InRange(page.Rows.Length, 0, query.Limit);
            found.AddRange(page.Rows.Select(row => row.WorkflowId));
            if (page.Continuation is null)
            {
                return found;
            }

            if (interfere)
            {
                await Index.UpsertAsync([Rows.Row($"new-{found.Count}", minute: 100 + found.Count)]);
            }
        }
    }
}
