using System.Text;
using System.Text.Json.Serialization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Definitions.Building;

namespace ActorFlow.Core.Tests.Definitions.Building;

/// <summary>The builder and a file give the same definition, byte for byte, for every kind and key.</summary>
public sealed class WorkflowBuilderTests
{
    private sealed record Order(string OrderId, Line[] Items, decimal Total, [property: JsonPropertyName("e-mail")] string? Email, int? Limit);

    private sealed record Line(string Sku, int Count);

    private sealed record Receipt(string Id, double Amount, IReadOnlyList<string> Lines);

    [Fact]
    public void The_example_of_the_language_page()
    {
        var flow = new WorkflowBuilder<Order>("order-fulfilment", version: 3)
            .Description("Reserve, charge, ship.")
            .InputSchema(new { type = "object", required = new[] { "orderId", "items" } })
            .Defaults(new() { Timeout = TimeSpan.FromSeconds(30), Queue = "default", Retry = new() { MaxAttempts = 3 } })
            .Timeout(TimeSpan.FromDays(2))
            .MaxParallel(50)
            .CheckpointEvery(50);

        var reserve = flow.Task<Receipt>("reserve").Uses("inventory.reserve", new { items = flow.Input(order => order.Items) });
        reserve.Compensate("inventory.release", new { id = reserve.Output(receipt => receipt.Id) });
        var risk = flow.Switch("risk").Needs(reserve);
        var manual = risk.Case("manual", flow.Input(order => order.Total > 1000));
        var auto = risk.Default("auto");
        var approve = flow.AskApproval("approve", $"Ship order {flow.Input(order => order.OrderId)}?").Needs(manual).Timeout(TimeSpan.FromHours(24));
        var charge = flow.Task<Receipt>("charge").Uses("payments.charge").Needs(auto, approve)
            .If(Computed.JavaScript<bool>("tasks.approve.status != 'completed' || tasks.approve.output.value === true"))
            .Retry(new RetryDefinition
            {
                MaxAttempts = 5,
                Backoff = Backoff.Exponential,
                Initial = TimeSpan.FromSeconds(1),
                Max = TimeSpan.FromMinutes(1),
                Factor = 2,
                Jitter = 0.2,
                NonRetryable = ["CardDeclined"],
            });
        var ship = flow.Task("ship").ForEach(flow.Input(order => order.Items), maxParallel: 10)
            .Uses("shipping.ship", new { sku = Computed.Item<Line, string>(line => line.Sku), n = Computed.Index }).Needs(charge);
        flow.Returns(new { receipt = charge.OutputOrNull(receipt => receipt.Id), parcels = ship.Outputs() });

        AssertSame(Samples.LanguagePage, flow.Build());
    }

    [Fact]
    public void Uses_with_all_its_keys()
    {
        var flow = new WorkflowBuilder("x");
        var first = flow.Task("first").Set(new { a = 1 });
        var second = flow.Task("second").Set(new { a = 1 });
        flow.Task<Receipt>("go").Uses("e", new { key = $"Bearer {Computed.Secret("KEY")}", wide = "\u00e9 <b> '+'" })
            .Title("Go").Needs(first, second).Join(Join.Any).Timeout(TimeSpan.FromSeconds(1)).Deadline(TimeSpan.FromHours(1.5)).Heartbeat(TimeSpan.FromMilliseconds(250))
            .Retry(3).ContinueOnError().Queue("gpu").Priority(9).Checkpoint();
        AssertSame(
            """
            name: x
            tasks:
              first: { set: { a: 1 } }
              second: { set: { a: 1 } }
              go:
                uses: e
                with: { key: "Bearer ${{ secrets.KEY }}", wide: "é <b> '+'" }
                title: Go
                needs: [first, second]
                join: any
                timeout: 1s
                deadline: 1h30m
                heartbeat: 250ms
                retry: { max-attempts: 3 }
                on-error: continue
                queue: gpu
                priority: 9
                checkpoint: true
            """,
            flow.Build());
    }

    [Fact]
    public void Loops_over_elements_and_iterations()
    {
        var flow = new WorkflowBuilder("x");
        var poll = flow.Task<Receipt>("poll").Uses("poll").ForEach(new[] { 1, 2 });
        poll.RepeatUntil(poll.Output(receipt => receipt.Amount >= 10), max: 5, delay: TimeSpan.FromSeconds(1));
        flow.Task<int>("count").Set(new { i = Computed.Iteration }).RepeatWhile(Computed.JavaScript<bool>("iteration < 3"));
        AssertSame(
            """
            name: x
            tasks:
              poll: { uses: poll, for-each: [1, 2], repeat: { until: "${{ tasks.poll.output.amount >= 10 }}", max: 5, delay: 1s } }
              count: { set: { i: "${{ iteration }}" }, repeat: { while: "${{ iteration < 3 }}" } }
            """,
            flow.Build());
    }

    [Fact]
    public void Groups_delays_and_failures()
    {
        var flow = new WorkflowBuilder<Order>("x").CompensateOnFailure();
        var group = flow.Group<Receipt>("each-one").ForEach(flow.Input(order => order.Items)).Timeout(TimeSpan.FromMinutes(1));
        var inner = group.Tasks.Task<Line>("inner").Uses("e", Computed.Item<Line>());
        group.Tasks.Task("wait").Delay(inner.Output(line => line.Count)).Needs(inner);
        group.Returns(inner.Output());
        var stop = flow.Task("stop").Fail($"No {flow.Input(order => order.OrderId)}.").Needs(group).If(group.Status.Get(status => status == "failed"));
        flow.Returns(new { error = group.Error, attempts = stop.Attempts, first = group.Outputs().Get(all => all[0].Id) });
        AssertSame(
            """
            name: x
            on-failure: compensate
            tasks:
              each-one:
                for-each: ${{ input.items }}
                timeout: 1m
                tasks:
                  inner: { uses: e, with: "${{ item }}" }
                  wait: { delay: "${{ tasks.inner.output.count }}", needs: [inner] }
                output: ${{ tasks.inner.output }}
              stop:
                fail: No ${{ input.orderId }}.
                needs: each-one
                if: ${{ tasks['each-one'].status === "failed" }}
            output:
              error: ${{ tasks['each-one'].error }}
              attempts: ${{ tasks.stop.attempts }}
              first: ${{ tasks['each-one'].output[0].id }}
            """,
            flow.Build());
    }

    [Fact]
    public void Lambdas_become_JavaScript()
    {
        var flow = new WorkflowBuilder<Order>("x");
        var limit = 7;
        var order = flow.Input();
        Assert.Equal("input.total > 1000", order.Get(o => o.Total > 1000).Code);
        Assert.Equal("(input.total > 7) && (input.items.length !== 0)", order.Get(o => o.Total > limit && o.Items.Length != 0).Code);
        Assert.Equal("input.items[1].sku", order.Get(o => o.Items[1].Sku).Code);
        Assert.Equal("input[\"e-mail\"] != null", order.Get(o => o.Email != null).Code);
        Assert.Equal("input[\"e-mail\"] ?? \"none\"", order.Get(o => o.Email ?? "none").Code);
        Assert.Equal("input.limit != null", order.Get(o => o.Limit.HasValue).Code);
        Assert.Equal("input.limit + 1", order.Get(o => o.Limit!.Value + 1).Code);
        Assert.Equal("(input.total > 1) ? \"a\\\"b\" : input.orderId", order.Get(o => o.Total > 1 ? "a\"b" : o.OrderId).Code);
        Assert.Equal("!(input.total === 0)", order.Get(o => !(o.Total == 0)).Code);
        Assert.Equal("(input.total - 1) * 2", order.Get(o => (o.Total - 1) * 2).Code);
        Assert.Equal("input.orderId.length", order.Get(o => o.OrderId.Length).Code);
        Assert.Equal("tasks.t.output.lines[0]", flow.Task<Receipt>("t").Output(receipt => receipt.Lines[0]).Code);
        Assert.Equal("tasks.u.output.lines.length", flow.Task<Receipt>("u").Output(receipt => receipt.Lines.Count).Code);
        Assert.Equal("(input.total > 1) && (!(input.total > 2))", (order.Get(o => o.Total > 1) & !order.Get(o => o.Total > 2)).Code);
        Assert.Equal("(input.total > 1) || (iteration)", (order.Get(o => o.Total > 1) | Computed.Iteration).Code);
    }

    [Fact]
    public void What_JavaScript_does_otherwise_is_refused()
    {
        var order = new WorkflowBuilder<Order>("x").Input();
        Assert.Throws<NotSupportedException>(() => order.Get(o => o.OrderId.ToUpperInvariant()));
        Assert.Throws<NotSupportedException>(() => order.Get(o => o.Items.Length / 2));
        Assert.Throws<NotSupportedException>(() => order.Get(o => new { o.Total }));
    }

    [Fact]
    public void All_errors_of_a_definition_come_at_once_with_their_paths()
    {
        var flow = new WorkflowBuilder("Bad Name", version: 0);
        flow.Task("a b").Uses("e").Priority(10);
        flow.Task("twice").Set(new { v = Computed.JavaScript<int>("tasks.later.output") });
        flow.Task("twice").Set(new { });
        flow.Task("later").Set(new { }).Retry(0);
        flow.Group<int>("empty");
        flow.Task("nothing");
        var errors = Assert.Throws<DefinitionException>(flow.Build).Errors;
        Assert.Equal(
            [
                "name bad-name", "version non-positive", "tasks.a b bad-id", "tasks.twice duplicate-id", "tasks.a b.priority out-of-range",
                "tasks.later.retry.max-attempts non-positive", "tasks.later.retry not-allowed-here", "tasks.empty.tasks no-tasks",
                "tasks.nothing kind-missing", "tasks.twice.set.v not-upstream",
            ],
            errors.Select(error => $"{error.Location} {error.Code}"));
    }

    [Fact]
    public void Groups_within_groups_within_groups_end_somewhere()
    {
        var flow = new WorkflowBuilder("x");
        TaskScope scope = flow;
        for (var i = 0; i < 200; i++)
        {
            scope = scope.Group<int>("g").Tasks;
        }

        scope.Task("t").Set(new { });
        Assert.Equal(DefinitionCodes.TooDeep, Assert.Single(Assert.Throws<DefinitionException>(flow.Build).Errors).Code);
    }

    [Fact]
    public void A_large_definition_made_in_code_is_refused_too()
    {
        var flow = new WorkflowBuilder("x");
        flow.Task("a").Set(new { v = new string('x', DefinitionLimits.DefinitionBytes) });
        Assert.Equal(DefinitionCodes.TooLarge, Assert.Single(Assert.Throws<DefinitionException>(flow.Build).Errors).Code);
    }

    internal static void AssertSame(string yaml, WorkflowDefinition built)
    {
        var read = Samples.Read(yaml);
        Assert.Equal(Encoding.UTF8.GetString(DefinitionJson.Write(read)), Encoding.UTF8.GetString(DefinitionJson.Write(built)));
        Assert.Equal(read.ToReference(), built.ToReference());
    }
}
