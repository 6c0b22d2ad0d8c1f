using System.Text.Json;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Definitions.Building;
using static ActorFlow.Core.Tests.Definitions.Building.WorkflowBuilderTests;

namespace ActorFlow.Core.Tests.Definitions.Building;

/// <summary>Children, signals, questions and checkpoint settings: the builder and a file give the same, byte for byte.</summary>
public sealed class WaitBuilderTests
{
    private sealed record Order(string Id, Line[] Items, string[] Approvers, Address Address);

    private sealed record Line(string Sku, int Count);

    private sealed record Address(string City);

    private sealed record Parcel(string Number);

    [Fact]
    public void Children_take_a_whole_input_or_its_parts()
    {
        var flow = new WorkflowBuilder<Order>("x");
        var each = flow.Child<Line, Parcel>("each", "ship-line", version: 2).Input(Computed.Item<Line>()).OnParentClose(ParentClose.Abandon)
            .ForEach(flow.Input(order => order.Items), maxParallel: 4).Timeout(TimeSpan.FromHours(1)).ContinueOnError();
        each.Compensate("recall", new { all = each.Output() });
        flow.Child<Address, JsonElement>("fixed", "look-up").Input(new Address("Bern")).OnParentClose(ParentClose.Terminate);
        flow.Child<Address, JsonElement>("parts", "look-up").With(new { city = flow.Input(order => order.Address.City) }).Needs(each);
        flow.Child<object?, string>("bare", "tidy-up");
        flow.Returns(new { first = each.Outputs().Get(all => all[0].Number) });
        AssertSame(
            """
            name: x
            tasks:
              each:
                workflow: ship-line@2
                with: ${{ item }}
                parent-close: abandon
                for-each: ${{ input.items }}
                max-parallel: 4
                timeout: 1h
                on-error: continue
                compensate: { uses: recall, with: { all: "${{ tasks.each.output }}" } }
              fixed: { workflow: look-up, with: { city: Bern }, parent-close: terminate }
              parts: { workflow: look-up, with: { city: "${{ input.address.city }}" }, needs: each }
              bare: { workflow: tidy-up }
            output: { first: "${{ tasks.each.output[0].number }}" }
            """,
            flow.Build());
    }

    [Fact]
    public void Signals_have_a_payload_of_a_type()
    {
        var flow = new WorkflowBuilder<Order>("x").CheckpointInterval(TimeSpan.FromHours(1)).CheckpointKeep(10);
        var arrived = flow.Signal<Parcel>("arrived", "parcel-arrived", new { type = "object" }).Timeout(TimeSpan.FromDays(7)).Checkpoint();
        flow.Signal("again", "parcel-arrived", new { type = "object" }).RepeatWhile(Computed.JavaScript<bool>("tasks.again.output.more"));
        flow.Signal("stop", "stop").If(arrived.Output(parcel => parcel.Number == "1")).Needs(arrived);
        AssertSame(
            """
            name: x
            checkpoint: { interval: 1h, keep: 10 }
            tasks:
              arrived: { signal: parcel-arrived, schema: { type: object }, timeout: 7d, checkpoint: true }
              again: { signal: parcel-arrived, schema: { type: object }, repeat: { while: "${{ tasks.again.output.more }}" } }
              stop: { signal: stop, if: "${{ tasks.arrived.output.number === \"1\" }}", needs: arrived }
            """,
            flow.Build());
    }

    [Fact]
    public void Each_kind_of_question_has_an_answer_of_its_type()
    {
        var flow = new WorkflowBuilder<Order>("x");
        var approval = flow.AskApproval("approval", $"Ship {flow.Input(order => order.Id)}?").Assignees("ann", $"lead-of-{flow.Input(order => order.Id)}").Default(false);
        approval.Timeout(TimeSpan.FromHours(24));
        flow.AskChoice("choice", "Which?", ["air", "sea"]).Default("sea").Needs(approval).If(approval.Output(answer => answer.Value && !answer.TimedOut)).Timeout(TimeSpan.FromDays(2));
        flow.AskChoice<string>("computed", "Whose?", flow.Input(order => order.Approvers)).Assignees(flow.Input(order => order.Approvers));
        flow.AskChoice("number", "How many?", [1, 2, 3]);
        var rating = flow.AskRating("rating", "How was it?").Schema(new { minimum = 2 }).Default(3).Timeout(TimeSpan.FromDays(2));
        flow.AskText("text", "What?").Schema(new { maxLength = 80 });
        flow.AskFeedback("feedback", "Well?");
        flow.AskReview("review", "Your review?");
        flow.AskValidation("validation", "Right?").Default(true).Timeout(TimeSpan.FromDays(2));
        flow.Returns(new { by = approval.Output(answer => answer.By), at = approval.Output(answer => answer.At), said = approval.Output(answer => answer.Comment), good = rating.Output(answer => answer.Value > 3) });
        AssertSame(
            """
            name: x
            tasks:
              approval:
                ask: { kind: approval, prompt: "Ship ${{ input.id }}?", assignees: [ann, "lead-of-${{ input.id }}"], default: false }
                timeout: 1d
              choice:
                ask: { kind: choice, prompt: Which?, options: [air, sea], default: sea }
                timeout: 2d
                needs: approval
                if: ${{ tasks.approval.output.value && !tasks.approval.output.timedOut }}
              computed: { ask: { kind: choice, prompt: Whose?, options: "${{ input.approvers }}", assignees: "${{ input.approvers }}" } }
              number: { ask: { kind: choice, prompt: How many?, options: [1, 2, 3] } }
              rating: { ask: { kind: rating, prompt: How was it?, schema: { minimum: 2 }, default: 3 }, timeout: 2d }
              text: { ask: { kind: text, prompt: What?, schema: { maxLength: 80 } } }
              feedback: { ask: { kind: feedback, prompt: Well? } }
              review: { ask: { kind: review, prompt: Your review? } }
              validation: { ask: { kind: validation, prompt: Right?, default: true }, timeout: 2d }
            output:
              by: ${{ tasks.approval.output.by }}
              at: ${{ tasks.approval.output.at }}
              said: ${{ tasks.approval.output.comment }}
              good: ${{ tasks.rating.output.value > 3 }}
            """,
            flow.Build());
    }

    [Fact]
    public void What_the_compiler_cannot_see_is_checked_when_the_definition_is_built()
    {
        var flow = new WorkflowBuilder("x").CheckpointInterval(TimeSpan.Zero).CheckpointKeep(101);
        flow.Child<string, string>("child", "Bad Name", version: 0);
        flow.Signal("first", "go", new { type = "string" });
        flow.Signal("second", "go", new { type = "number" });
        flow.AskChoice("none", "Which?", Array.Empty<string>());
        flow.AskChoice("other", "Which?", ["a"]).Default("b").Timeout(TimeSpan.FromDays(2));
        flow.AskRating("rating", "How?").Default(6).Timeout(TimeSpan.FromDays(2)).Retry(3);
        var errors = Assert.Throws<DefinitionException>(flow.Build).Errors;
        Assert.Equal(
            [
                "checkpoint.interval non-positive", "checkpoint.keep out-of-range", "tasks.child.workflow bad-name", "tasks.child.workflow non-positive",
                "tasks.second.schema schema-conflict", "tasks.none.ask.options bad-value", "tasks.other.ask.default bad-value",
                "tasks.rating.ask.default out-of-range", "tasks.rating.retry not-allowed-here",
            ],
            errors.Select(error => $"{error.Location} {error.Code}"));
    }

    [Fact]
    public void An_answer_is_read_from_what_a_task_puts_out()
    {
        var answer = JsonSerializer.Deserialize<Answer<bool>>("""{"value":true,"by":"ann","at":"2026-11-23T08:00:00Z","comment":"fine"}""", JsonSerializerOptions.Web);
        Assert.Equal(new(true, "ann", new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), "fine"), answer);
        Assert.True(JsonSerializer.Deserialize<Answer<int>>("""{"value":3,"by":null,"at":"2026-11-23T08:00:00Z","comment":null,"timedOut":true}""", JsonSerializerOptions.Web)?.TimedOut);
    }
}
