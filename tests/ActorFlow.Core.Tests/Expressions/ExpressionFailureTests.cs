using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class ExpressionFailureTests
{
    private static readonly Scope Order = Scope.WithInput("""{"none":null,"list":[3,1,2],"text":"x"}""");

    [Theory]
    [InlineData("input.none.x", "task.with: TypeError: Cannot read properties of null (reading 'x') in ${{ input.none.x }}")]
    [InlineData("input.missing.x", "task.with: TypeError: Cannot read properties of undefined (reading 'x') in ${{ input.missing.x }}")]
    [InlineData("item.sku", "task.with: TypeError: Cannot read properties of undefined (reading 'sku') in ${{ item.sku }}")]
    [InlineData("tasks.no.output", "task.with: TypeError: Cannot read properties of undefined (reading 'output') in ${{ tasks.no.output }}")]
    [InlineData("0 / 0", "task.with: the value is NaN, which is not JSON in ${{ 0 / 0 }}")]
    [InlineData("[1 / 0]", "task.with: the value is Infinity, which is not JSON in ${{ [1 / 0] }}")]
    [InlineData("(() => { throw 5 })()", "task.with: it threw 5 in ${{ (() => { throw 5 })() }}")]
    [InlineData("(() => { throw new Error('a\\nb') })()", "task.with: a b in ${{ (() => { throw new Error('a\\nb') })() }}")]
    public void The_message_names_the_origin_the_reason_and_the_expression(string expression, string message) =>
        Assert.Equal(message, Order.Fail(expression));

    [Theory]
    [InlineData("(() => { const a = []; a.push(a); return a })()", "holds itself")]
    [InlineData("(() => { const a = {}; Object.assign(a, { a }); return a })()", "holds itself")]
    [InlineData("{ get a() { return 1 } }", "getter")]
    [InlineData("'\\ud800'", "surrogate")]
    [InlineData("'a😀'[1]", "surrogate")]
    [InlineData("{ a: ['\\udc00'] }", "surrogate")]
    [InlineData("{ ['\\udc00']: 1 }", "surrogate")]
    [InlineData("JSON.stringify('\\ud800')", "surrogate")]
    [InlineData("input.list.nope()", "nope")]
    [InlineData("input.none()", "function")]
    [InlineData("(() => { throw { toString() { throw 1 } } })()", "threw")]
    [InlineData("(() => { throw null })()", "null")]
    [InlineData("JSON.parse('{')", "JSON")]
    [InlineData("new RegExp('(')", "regular expression")]
    [InlineData("decodeURIComponent('%')", "URI")]
    [InlineData("JSON.stringify({}, () => 1)", "replacer")]
    [InlineData("{ ...input.text }", "spread")]
    public void A_value_that_is_none_fails(string expression, string reason) => Assert.Contains(reason, Order.Fail(expression));

    [Fact]
    public void The_message_is_one_line_of_bounded_length()
    {
        var message = Order.Fail($"(() => {{ throw new Error('{new string('x', 5_000)}\\r\\n\\u2028') }})() // {new string('y', 5_000)}");

        Assert.DoesNotContain(message, character => char.IsControl(character) || character == '\u2028');
        Assert.InRange(message.Length, 1, ExpressionLimits.MessageLength);
    }

    [Fact]
    public void A_step_from_nothing_with_a_question_mark_is_null() =>
        Assert.Equal("null", Order.Eval("tasks.no?.output.deep"));

    [Fact]
    public void What_one_expression_does_to_its_data_another_does_not_see()
    {
        var template = Template.ParseText("${{ input.list.sort() }} ${{ input.list.map(n => n) }} ${{ input.list }}");

        Assert.Equal("\"[1,2,3] [3,1,2] [3,1,2]\"", template.Evaluate(Order, "t.with").Value.ToString());
    }

    [Fact]
    public void What_one_evaluation_does_to_JavaScript_another_does_not_see()
    {
        Assert.Equal("7", Order.Eval("(Object.assign(Array.prototype, { map: () => 7 }), [1].map(n => n))"));
        Assert.Equal("[1]", Order.Eval("[1].map(n => n)"));
    }

    [Fact]
    public void Only_the_tasks_that_are_named_are_asked_for()
    {
        var scope = new Scope { Tasks = new() { ["a"] = Scope.Completed("1"), ["b"] = Scope.Completed("2") } };

        Assert.Equal("true", scope.Eval("tasks.a.output + tasks.a.attempts === 2"));
        Assert.Equal(["a"], scope.Asked);
    }
}
