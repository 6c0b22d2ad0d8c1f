
namespace ActorFlow.Core.Tests.Expressions;

public sealed class ExpressionEvaluationTests
{
    private static readonly Scope Order = new()
    {
        Input = Payload.Parse("""{"total":1200,"items":[{"sku":"a","n":2},{"sku":"b","n":3}],"big":9007199254740993,"note":null}"""),
        Item = Payload.Parse("""{"sku":"a"}"""),
        Index = 4,
        Iteration = 2,
        Tasks = new()
        {
            ["reserve"] = Scope.Completed("""{"id":"r-1","rows":[1,2]}"""),
            ["a-b"] = Scope.Completed("true"),
            ["skipped"] = new("skipped", Payload.Null, Payload.Null, 0),
            ["failed"] = new("failed", Payload.Null, Payload.Parse("""{"type":"CardDeclined","message":"no","task":"failed"}"""), 5),
        },
    };

    [Theory]
    [InlineData("input.total", "1200")]
    [InlineData("input.items[1].sku", "\"b\"")]
    [InlineData("input['items'][0]", """{"sku":"a","n":2}""")]
    [InlineData("input.items.length", "2")]
    [InlineData("input.missing", "null")]
    [InlineData("input.note?.deep.er", "null")]
    [InlineData("item.sku", "\"a\"")]
    [InlineData("index", "4")]
    [InlineData("iteration", "2")]
    [InlineData("tasks.reserve.output.rows[1]", "2")]
    [InlineData("tasks['a-b'].output", "true")]
    [InlineData("tasks?.reserve?.output", """{"id":"r-1","rows":[1,2]}""")]
    [InlineData("tasks?.['a-b'].status", "\"completed\"")]
    [InlineData("tasks.skipped.output?.id", "null")]
    [InlineData("tasks.skipped.attempts", "0")]
    [InlineData("tasks.failed.error.type", "\"CardDeclined\"")]
    [InlineData("tasks.reserve", """{"status":"completed","output":{"id":"r-1","rows":[1,2]},"error":null,"attempts":1}""")]
    [InlineData("workflow.id", "\"order-1\"")]
    [InlineData("workflow.version", "3")]
    [InlineData("workflow.startedAt", "\"2026-01-02T02:04:05.006Z\"")]
    [InlineData("workflow", """{"id":"order-1","name":"order-fulfilment","version":3,"startedAt":"2026-01-02T02:04:05.006Z"}""")]
    [InlineData("input.items.map(i => i.n * 2)", "[4,6]")]
    [InlineData("input.total > 1000 ? 'manual' : 'auto'", "\"manual\"")]
    [InlineData("({ a: 1, b: [undefined, () => 1], c: undefined })", """{"a":1,"b":[null,null]}""")]
    [InlineData("{ a: 1 }", """{"a":1}""")]
    [InlineData("new Map()", "{}")]
    [InlineData("Object('x')", "\"x\"")]
    [InlineData("-0", "0")]
    [InlineData("1e21", "1e+21")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    public void An_expression_gives_a_json_value(string expression, string json) => Assert.Equal(json, Order.Eval(expression));

    [Fact]
    public void A_plain_path_keeps_every_digit() => Assert.Equal("9007199254740993", Order.Eval("input.big"));
}
