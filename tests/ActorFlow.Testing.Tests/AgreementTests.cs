using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing.Tests;

/// <summary>
/// What the kit does is what a node does: the same runs, steered alike, come to the same on both, by the same attempts with the same
/// inputs, and each task's events in the journal are the same in the same order.
/// </summary>
public sealed class AgreementTests
{
    private const string Graph = """
        name: graph
        on-failure: compensate
        max-parallel: 3
        tasks:
          loop: { uses: task, with: "${{ iteration }}", repeat: { while: "${{ iteration < 3 }}" }, compensate: { uses: task, with: "${{ iteration }}" } }
          choose: { needs: [loop], switch: [{ case: big, if: "${{ tasks.loop.output > 2 }}" }, { case: small }] }
          small: { needs: [choose.small], uses: task }
          fan:
            needs: [choose.big]
            for-each: [a, b, c, d]
            max-parallel: 2
            tasks:
              one: { uses: task, with: "${{ item }}" }
              two: { needs: [one], uses: task, with: "${{ tasks.one.output + index }}", retry: { max-attempts: 3, initial: 1ms, jitter: 0 } }
            output: ${{ tasks.two.output }}
          tolerated: { uses: task, on-error: continue }
          kids: { needs: [fan], for-each: [1, 2], max-parallel: 1, workflow: kid, with: { n: "${{ item }}" } }
          ask: { needs: [kids], ask: { kind: approval, prompt: "Well?" } }
          go: { needs: [ask], signal: go, checkpoint: true }
          wait: { needs: [go, tolerated], delay: 5ms }
          end: { needs: [wait], uses: task, with: "${{ tasks.tolerated.error.type + tasks.fan.output.join() }}", compensate: { uses: task, with: undo } }
          last: { needs: [end], uses: task, with: "${{ tasks.kids.output.map(k => k.work) }}" }
        output: ${{ tasks.last.output }}
        ---
        name: kid
        tasks: { work: { uses: task, with: "${{ input.n }}" } }
        """;

    [Fact]
    public async Task A_run_that_completes() => await AgreeAsync("Completed [1,2]", attempts: 21, failing: null);

    [Fact]
    public async Task A_run_that_fails_and_is_compensated() => await AgreeAsync("Failed null Broken last", attempts: 26, failing: "last");

    [Fact]
    public async Task A_run_that_a_failed_child_fails() => await AgreeAsync("Failed null Broken kids[0]/work", attempts: 22, failing: "work");

    private static async Task AgreeAsync(string end, int attempts, string? failing)
    {
        var kit = await ByKitAsync(failing);
        var node = await ByNodeAsync(failing);

        Assert.Equal(node.End, kit.End);
        Assert.Equal(node.Attempts, kit.Attempts);
        Assert.Equal(node.Journal, kit.Journal);
        Assert.Equal(end, node.End);
        Assert.Equal(attempts, node.Attempts.Count);
        Assert.InRange(node.Journal.Count, 20, 60);
    }

    private static bool Fails(string path, int attempt, string? failing) =>
        path is "tolerated" || path == failing || (path is "fan[1]/two" or "fan[2]/two" && attempt < 3);

    private static async Task<Told> ByKitAsync(string? failing)
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("task", (context, input) =>
            Fails(context.Task, context.Attempt, failing) ? throw new TaskFailure("Broken", "on purpose") : input));
        var run = await host.StartAsync(host.Register(Graph), id: "r");
        await host.AdvanceAsync(1.Seconds());
        if (run.Questions.Count > 0)
        {
            await run.AnswerAsync("ask", true);
            await run.SignalAsync("go");
        }

        await run.EndAsync();
        return new(
            $"{run.Status} {run.Output} {run.Error?.Type} {run.Error?.Task}".TrimEnd(),
            [.. host.Calls.Select(call => $"{call.WorkflowId} {call.Task}:{call.Attempt} {call.Input}").Order(StringComparer.Ordinal)],
            Journal(run.Events));
    }

    private static async Task<Told> ByNodeAsync(string? failing)
    {
        var tasks = new TaskRecorder();
        tasks.Fail(execution => Fails(execution.Path, execution.Attempt, failing), () => new TaskFailure("Broken", "on purpose"));
        await using var host = await TestHost.StartAsync("node", tasks, options => options.Persistence.Journal = JournalKind.Memory);
        var documents = DefinitionReader.Read(Graph, "graph.yaml").Definitions;
        var definition = await host.Engine.KeepAsync(documents[0]);
        var kid = await host.Engine.KeepAsync(documents[1]);
        await host.Engine.StartAsync(new WorkflowStart("r", definition, Payload.EmptyObject) { Companions = [kid] });
        await Eventually.HoldsAsync(
            async () => await host.Engine.StatusOfAsync("r") is WorkflowReply.Ended || (await JournalAsync(host)).ContainsKey("ask"), "the run asks, or ends");
        if (await host.Engine.StatusOfAsync("r") is WorkflowReply.Status)
        {
            await host.Engine.AnswerAsync("r", "ask", Payload.Parse("true"));
            await host.Engine.SignalAsync("r", "go", Payload.Null);
        }

        using var patience = new CancellationTokenSource(Eventually.Patience);
        var end = await host.Engine.EndOfAsync("r", patience.Token);
        return new(
            $"{end.Outcome} {end.Output} {end.Error?.Type} {end.Error?.Task}".TrimEnd(),
            [.. tasks.Executions.Select(one => $"{one.WorkflowId} {one.Path}:{one.Attempt} {one.Input}").Order(StringComparer.Ordinal)],
            await JournalAsync(host));
    }

    private static async Task<SortedDictionary<string, string>> JournalAsync(TestHost host)
    {
        var plan = WorkflowPlan.Compile(DefinitionReader.Read(Graph, "graph.yaml").Main);
        var rows = (await host.Engine.HistoryAsync("r")).Rows;
        return Journal(RunEvents.Of(plan, rows.SelectMany(row => row.Commits.Select(commit => (row.Sequence, commit)))));
    }

    /// <summary>What the journal has of each task, in order: what happens to one task is the same, whatever others do meanwhile.</summary>
    private static SortedDictionary<string, string> Journal(IEnumerable<RunEvent> history) => new(
        history.GroupBy(e => e.Task).ToDictionary(task => task.Key, task => string.Join(" ", task.Select(e => e.Kind))), StringComparer.Ordinal);

    private sealed record Told(string End, List<string> Attempts, SortedDictionary<string, string> Journal);
}
