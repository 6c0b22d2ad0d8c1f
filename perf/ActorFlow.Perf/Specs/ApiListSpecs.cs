using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using ActorFlow.Runtime.Index;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Lists of a million runs that have ended, through the API. Only their rows are there: lists read nothing else.</summary>
public sealed class ApiListSpecs : NodeSpec
{
    private const int Runs = 1_000_000;
    private const int Customers = 10_000;
    private const int Rows = 2_000;

    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Serves = true, Retention = TimeSpan.FromDays(36_500) };

    // One run in a thousand failed; a tag has 100 runs, a parent 10.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "through the API: the first page of a list of 1,000,000 runs")]
    [Spec("A5", Group = "api", Quick = false, TimeoutSeconds = 900)]
    [Figure("all", "ms"), Figure("status", "ms"), Figure("definition", "ms"), Figure("tag", "ms"), Figure("since", "ms"), Figure("parent", "ms"), Figure("text", "ms")]
    [Bar("all", AtMost = 50), Bar("status", AtMost = 50), Bar("definition", AtMost = 50), Bar("tag", AtMost = 50), Bar("since", AtMost = 50), Bar("parent", AtMost = 50)]
    public void FirstPage() => Measure(async () =>
    {
        var client = await Node.OnceAsync("client", () => Task.FromResult(WorkflowClient.Connect(Node.Address))).ConfigureAwait(false);
        await Node.OnceAsync("runs", FillAsync).ConfigureAwait(false);
        Figures["all"] = await ListAsync(client, new(), 100).ConfigureAwait(false);
        Figures["status"] = await ListAsync(client, new() { Status = [WorkflowStatus.Failed] }, 100).ConfigureAwait(false);
        Figures["definition"] = await ListAsync(client, new() { Definition = "order-7" }, 100).ConfigureAwait(false);
        Figures["tag"] = await ListAsync(client, new() { Tags = new Dictionary<string, string> { ["customer"] = "77" } }, 100).ConfigureAwait(false);
        Figures["since"] = await ListAsync(client, new() { Since = First.AddSeconds(Runs / 2), Until = First.AddSeconds((Runs / 2) + 60) }, 60).ConfigureAwait(false);
        Figures["parent"] = await ListAsync(client, new() { Parent = "run-70" }, 10).ConfigureAwait(false);
        Figures["text"] = await ListAsync(client, new() { Text = "run-77777" }, 11).ConfigureAwait(false);
    });

    /// <summary>The median time of some lists, in milliseconds.</summary>
    private static async Task<double> ListAsync(WorkflowClient client, ListQuery query, int expected)
    {
        var times = new double[9];
        for (var i = 0; i < times.Length; i++)
        {
            var found = 0;
            times[i] = await TimeAsync(async () => found = (await client.ListPageAsync(query).ConfigureAwait(false)).Items.Length).ConfigureAwait(false);
            Expect(found == expected, $"{found} runs were listed instead of {expected}.");
        }

        return Statistics.Of(times).Median;
    }

    private async Task<int> FillAsync()
    {
        foreach (var rows in Enumerable.Range(0, Runs).Select(RowOf).Chunk(Rows))
        {
            await Node.Index.UpsertAsync(rows).ConfigureAwait(false);
        }

        return Runs;
    }

    private static WorkflowIndexRow RowOf(int number)
    {
        var failed = number % 1_000 == 0;
        var begun = First.AddSeconds(number);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"run-{number}"), Guid.CreateVersion7(begun), 3, string.Create(CultureInfo.InvariantCulture, $"order-{number % 20}"), 1,
            failed ? WorkflowStatus.Failed : WorkflowStatus.Completed, begun, begun.AddSeconds(1))
        {
            Closed = begun.AddSeconds(1),
            Tags = ImmutableSortedDictionary<string, string>.Empty.Add("customer", (number % Customers).ToString(CultureInfo.InvariantCulture)),
            Parent = number % 7 == 0 ? string.Create(CultureInfo.InvariantCulture, $"run-{number / 70 * 7}") : null,
            Failure = failed ? new("Boom", "it broke") : null,
        };
    }
}
