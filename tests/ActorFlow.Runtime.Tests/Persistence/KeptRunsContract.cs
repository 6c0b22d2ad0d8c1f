using System.Text.Json;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class SqliteKeptRunsTests(SqliteKeptRuns kept) : KeptRunsContract(kept), IClassFixture<SqliteKeptRuns>;

[OnPostgres]
public sealed class PostgresKeptRunsTests(PostgresKeptRuns kept) : KeptRunsContract(kept), IClassFixture<PostgresKeptRuns>;

/// <summary>
/// The runs of a database that an earlier program left stand where they stood, and go on from there: what was done is not done again.
/// </summary>
public abstract class KeptRunsContract(KeptRuns kept)
{
    private KeptNode Node => kept.Node;

    private WorkflowEngine Engine => kept.Node.Engine;

    [StoreFact]
    public void Every_run_has_the_status_that_it_had_and_nothing_runs_but_what_ran()
    {
        Assert.Equal(
            KeptRuns.All.Select(run => $"{run.Key} {run.Value.Status}"),
            kept.Rows.Select(row => $"{row.WorkflowId} {row.Status.ToWord()}").Order(StringComparer.Ordinal));
        Assert.Equal(["run second"], kept.Begun.Select(execution => $"{execution.WorkflowId} {execution.Path}"));
        Assert.Equal("parent", Assert.Single(kept.Rows, row => row.WorkflowId == "parent/invoice").Parent);
        Assert.Equal("TimedOut", Assert.Single(kept.Rows, row => row.WorkflowId == "fail").Failure?.Type);
    }

    [StoreFact]
    public void Every_history_is_read_from_its_first_row_to_its_last()
    {
        foreach (var (id, (_, rows)) in KeptRuns.All)
        {
            var history = kept.Histories[id];
            Assert.Equal(rows, history.Last);
            Assert.Equal(Enumerable.Range(1, rows).Select(row => (long)row), history.Rows.Select(row => row.Sequence));
            Assert.Equal(id, Assert.IsType<WorkflowEvent.Started>(history.Rows[0].Commits[0].Events[0]).WorkflowId);
        }
    }

    [StoreFact]
    public async Task What_completed_has_its_output_and_its_large_payload_is_read_when_a_task_is_retried()
    {
        const string Output = """{"order":7,"length":66000}""";
        Assert.Equal(Output, await Node.OutputOfAsync("complete"));

        await Engine.RetryAsync("complete", "second");

        Assert.Equal(Output, await Node.OutputOfAsync("complete"));
        Assert.Empty(Node.PathsOf("complete"));
    }

    [StoreFact]
    public async Task A_retry_of_what_failed_runs_the_failed_task_and_what_follows()
    {
        await Engine.RetryAsync("fail");

        Assert.Equal("""{"order":7}""", await Node.OutputOfAsync("fail"));
        Assert.Equal(["charge", "ship"], Node.PathsOf("fail"));
    }

    [StoreFact]
    public async Task A_signal_is_taken_and_one_that_came_early_is_still_there()
    {
        await Node.SignalAsync("signal", "payment", """{"amount":5}""");

        Assert.Equal("""{"amount":5,"to":"10 Main Street"}""", await Node.OutputOfAsync("signal"));
        Assert.Equal(["ship"], Node.PathsOf("signal"));
    }

    [StoreFact]
    public async Task A_question_has_its_options_and_takes_its_answer()
    {
        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => Engine.AnswerAsync("ask", "carrier", Payload.FromString("pigeon")));
        await Engine.AnswerAsync("ask", "carrier", Payload.FromString("courier"));

        Assert.Equal("invalid-answer", refused.Code);
        Assert.Equal("""{"by":"courier"}""", await Node.OutputOfAsync("ask"));
        Assert.Equal(["ship"], Node.PathsOf("ask"));
    }

    [StoreFact]
    public async Task A_for_each_finishes_without_running_finished_elements_again()
    {
        foreach (var signal in (string[])["third", "fourth", "fifth"])
        {
            await Node.SignalAsync("each", "picked", $"\"{signal}\"");
        }

        using var output = JsonDocument.Parse(await Node.OutputOfAsync("each"));
        var parcels = output.RootElement.EnumerateArray().Select(parcel => (Of: parcel.GetProperty("parcel").GetString(), By: parcel.GetProperty("by").GetString())).ToList();
        Assert.Equal(["a", "b", "c", "d", "e"], parcels.Select(parcel => parcel.Of));
        Assert.Equal(["fifth", "first", "fourth", "second", "third"], parcels.Select(parcel => parcel.By).Order(StringComparer.Ordinal));
        Assert.Equal(
            [.. parcels.Index().Where(parcel => parcel.Item.By is not ("first" or "second")).Select(parcel => $"parcels[{parcel.Index}]/send"), "report"],
            Node.PathsOf("each").Order(StringComparer.Ordinal));
    }

    [StoreFact]
    public async Task A_child_ends_and_its_parent_with_it()
    {
        await Node.SignalAsync("parent/invoice", "paid", "12");

        Assert.Equal("""{"order":7,"paid":12}""", await Node.OutputOfAsync("parent/invoice"));
        Assert.Equal("""{"order":7,"paid":12}""", await Node.OutputOfAsync("parent"));
        Assert.Equal(["book"], Node.PathsOf("parent/invoice"));
        Assert.Equal(["close"], Node.PathsOf("parent"));
    }

    [StoreFact]
    public async Task A_rewind_goes_to_a_checkpoint_without_a_name_and_to_one_with_a_name()
    {
        Assert.Equal([(4, null), (2, "load")], (await Engine.CheckpointsAsync("checkpoints")).Select(checkpoint => (checkpoint.Sequence, checkpoint.Name)));

        await Engine.RewindAsync("checkpoints", "4");
        Assert.Equal("\"published\"", await Node.OutputOfAsync("checkpoints"));
        Assert.Equal(["test", "publish"], Node.PathsOf("checkpoints"));

        await Engine.RewindAsync("checkpoints", "load");
        Assert.Equal("\"published\"", await Node.OutputOfAsync("checkpoints"));
        Assert.Equal(["test", "publish", "clean", "train", "test", "publish"], Node.PathsOf("checkpoints"));
    }

    [StoreFact]
    public async Task What_was_rewound_is_rewound_again()
    {
        await Engine.RewindAsync("rewound", "9");

        Assert.Equal("\"published\"", await Node.OutputOfAsync("rewound"));
        Assert.Equal(["test", "publish"], Node.PathsOf("rewound"));
    }

    [StoreFact]
    public async Task What_was_forked_knows_its_origin_and_is_forked_again()
    {
        var origin = (await Engine.DetailsAsync("forked")).Image.Origin;
        var again = await Engine.ForkAsync("forked", "3", "again");

        Assert.Equal(("checkpoints", 2), (origin?.WorkflowId, origin?.Sequence));
        Assert.Equal("\"published\"", await Node.OutputOfAsync(again));
        Assert.Equal(["test", "publish"], Node.PathsOf(again));
    }

    [StoreFact]
    public async Task What_ran_when_its_program_was_killed_runs_once_more_and_goes_on()
    {
        Node.Held.Open();

        Assert.Equal("\"third\"", await Node.OutputOfAsync("run"));
        Assert.Equal(["second", "third"], Node.PathsOf("run"));
    }

    [StoreFact]
    public async Task A_long_delay_ends_when_its_time_has_come()
    {
        await using var node = await kept.OpenAsync();
        var waits = Assert.IsType<WorkflowReply.Status>(await node.Engine.StatusOfAsync("delay"));

        node.Time.By += waits.NextDue!.Value - node.Time.GetUtcNow();

        Assert.Equal("\"after\"", await node.OutputOfAsync("delay"));
        Assert.Equal(["after"], node.PathsOf("delay"));
        Assert.Equal(36_500, (waits.NextDue.Value - new DateTime(2026, 11, 30, 13, 0, 0, DateTimeKind.Utc)).Days);
    }
}
