using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

/// <summary>A whole number beyond 2^53 is exact or an error, and never another one.</summary>
public sealed class LargeNumberTests
{
    private static readonly Scope Data = Scope.WithInput(
        """{"id":9007199254740993,"same":9007199254740993.0,"even":9007199254740994,"rows":[{"id":9007199254740993},{"id":9007199254740995}],"huge":1e400,"tiny":1e-400,"long":10000000000000000905969664,"float":1.5e300,"big":1e25,"small":2,"half":0.1000000000000000055,"text":"{\"id\":9007199254740993,\"n\":1}","part":9007199254740993.5,"max":9007199254740991,"zero":-0.0}""");

    [Theory]
    [InlineData("({ id: input.id })", """{"id":9007199254740993}""")]
    [InlineData("[input.id, input.even]", "[9007199254740993,9007199254740994]")]
    [InlineData("input.rows.map(row => row.id)", "[9007199254740993,9007199254740995]")]
    [InlineData("input.rows.filter(row => row.id === input.id).length", "1")]
    [InlineData("({ ...input.rows[0], n: 1 })", """{"id":9007199254740993,"n":1}""")]
    [InlineData("input.id ?? 0", "9007199254740993")]
    [InlineData("input.id ? input.even : 0", "9007199254740994")]
    [InlineData("input.id === input.same", "true")]
    [InlineData("input.id === input.even", "false")]
    [InlineData("input.id === 9007199254740993", "true")]
    [InlineData("input.even === 9007199254740993", "false")]
    [InlineData("input.even === 9_007_199_254_740_994", "true")]
    [InlineData("[input.id].includes(input.rows[0].id)", "true")]
    [InlineData("[input.id].indexOf(input.rows[1].id)", "-1")]
    [InlineData("new Set([input.id, input.same, input.even]).size", "2")]
    [InlineData("input.id == null", "false")]
    [InlineData("typeof input.id", "\"number\"")]
    [InlineData("Number.isFinite(input.id)", "true")]
    [InlineData("Number.isSafeInteger(input.id)", "false")]
    [InlineData("`order ${input.id}`", "\"order 9007199254740993\"")]
    [InlineData("String(input.id)", "\"9007199254740993\"")]
    [InlineData("({ [input.id]: 1 })", """{"9007199254740993":1}""")]
    [InlineData("JSON.stringify({ a: input.id })", "\"{\\\"a\\\":9007199254740993}\"")]
    [InlineData("JSON.parse(input.text)", """{"id":9007199254740993,"n":1}""")]
    [InlineData("JSON.parse('[1e400]')[0]", "1e400")]
    [InlineData("({ a: input.huge, b: input.tiny, c: input.long })", """{"a":1e400,"b":1e-400,"c":10000000000000000905969664}""")]
    [InlineData("({ a: input.float, b: input.big })", """{"a":1.5e+300,"b":1e+25}""")]
    [InlineData("input.float / 2", "7.5e+299")]
    [InlineData("[9007199254740993]", "[9007199254740993]")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("({ 9007199254740994: 1 })", """{"9007199254740994":1}""")]
    [InlineData("input.small > 10000000000000000", "false")]
    [InlineData("input.small * 2", "4")]
    [InlineData("[input.max, input.zero, input.part]", "[9007199254740991,0,9007199254740993.5]")]
    [InlineData("input.half * 1", "0.1")]
    [InlineData("input.half", "0.1000000000000000055")]
    public void It_is_passed_on_exactly(string expression, string json) => Assert.Equal(json, Data.Eval(expression));

    [Theory]
    [InlineData("input.id + 1")]
    [InlineData("input.even + 1")]
    [InlineData("'order ' + input.id")]
    [InlineData("-input.id")]
    [InlineData("+input.id")]
    [InlineData("input.id > 5")]
    [InlineData("input.id == 9007199254740992")]
    [InlineData("input.id % 10")]
    [InlineData("input.id | 0")]
    [InlineData("Number(input.id)")]
    [InlineData("parseInt(input.id)")]
    [InlineData("Number.parseFloat(input.id)")]
    [InlineData("Math.max(input.id, 1)")]
    [InlineData("input.id.toString()")]
    [InlineData("input.id.toFixed(0)")]
    [InlineData("Object.keys(input.id)")]
    [InlineData("({ ...input.id })")]
    [InlineData("[...input.id]")]
    [InlineData("[1, input.id].reduce((a, b) => a + b)")]
    [InlineData("input.huge * 2")]
    [InlineData("input.tiny * 2")]
    [InlineData("(() => { try { return input.id + 1 } catch { return 0 } })()")]
    public void Whatever_else_is_done_with_it_says_so(string expression) =>
        Assert.Contains("does not hold exactly", Failure(expression));

    [Theory]
    [InlineData("input.max + 2")]
    [InlineData("({ a: input.max * 3 })")]
    [InlineData("+'9007199254740993'")]
    [InlineData("Number('9007199254740993')")]
    [InlineData("JSON.stringify([input.max * 3])")]
    public void A_result_that_may_be_rounded_says_so(string expression) =>
        Assert.Contains("rounds whole numbers beyond 9007199254740991", Failure(expression));

    [Theory]
    [InlineData("order ${{ input.id }}", "order 9007199254740993")]
    [InlineData("${{ input.same }} ", "9007199254740993.0 ")]
    [InlineData("${{ input.part }} ", "9007199254740993.5 ")]
    [InlineData("${{ input.huge }} ", "1e400 ")]
    [InlineData("${{ input.half }} ", "0.1000000000000000055 ")]
    [InlineData("${{ [input.id][0] }} ", "9007199254740993 ")]
    [InlineData("${{ input.float }} ", "1.5e+300 ")]
    public void Text_has_every_digit(string template, string text) =>
        Assert.Equal(text, Template.Parse(Payload.FromString(template)).Evaluate(Data, "x").Value.To<string>());

    [Theory]
    [InlineData("input.huge", true)]
    [InlineData("input.tiny", true)]
    [InlineData("input.zero", false)]
    [InlineData("!!input.tiny", true)]
    public void It_is_true_unless_it_is_zero(string expression, bool isTrue) =>
        Assert.Equal(isTrue, Template.ParseCondition(expression).IsTrue(Data, "x"));

    [Fact]
    public void What_is_not_read_harms_nobody() => Assert.Equal("3", Data.Eval("input.small + 1"));

    private static string Failure(string expression) => Assert.Throws<ExpressionException>(() => Data.Eval(expression)).Message;
}
