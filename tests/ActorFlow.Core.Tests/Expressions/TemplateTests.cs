using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class TemplateTests
{
    private static readonly Scope Order = Scope.WithInput("""{"id":"o-1","n":2,"big":12345678901234567890,"half":1.0,"none":null,"yes":true,"o":{"a":[1,"x"]},"s":"say \"hi\""}""");

    [Theory]
    [InlineData("${{ input.n }}", "2")]
    [InlineData("${{input.o}}", """{"a":[1,"x"]}""")]
    [InlineData("Order ${{ input.id }}", "\"Order o-1\"")]
    [InlineData(" ${{ input.n }}", "\" 2\"")]
    [InlineData("${{ input.n }}${{ input.n }}", "\"22\"")]
    [InlineData("[${{ input.none }}|${{ input.missing }}]", "\"[|]\"")]
    [InlineData("${{ input.yes }} ${{ input.half }} ${{ input.big }}", "\"true 1 12345678901234567890\"")]
    [InlineData("${{ input.o }}!", """
        "{\"a\":[1,\"x\"]}!"
        """)]
    [InlineData("${{ input.s }}.", """
        "say \"hi\"."
        """)]
    [InlineData("${{ undefined }}", "null")]
    [InlineData("${{ '}}' }}", "\"}}\"")]
    [InlineData("${{ {a:{b:1}} }}", """{"a":{"b":1}}""")]
    [InlineData("${{{a:{b:1}}}}", """{"a":{"b":1}}""")]
    [InlineData("${{ `${{}}` }} }}", "\"[object Object] }}\"")]
    [InlineData("$ { {{ }} ${ x }", "\"$ { {{ }} ${ x }\"")]
    public void A_text_is_the_value_of_its_only_expression_or_the_pieces_joined(string text, string json) =>
        Assert.Equal(json, Template.ParseText(text).Evaluate(Order, "t.with").Value.ToString());

    [Fact]
    public void Expressions_are_found_in_every_string_of_a_value_but_not_in_its_keys()
    {
        var template = Template.Parse(Payload.Parse("""{"a":["${{ input.n }}",{"b":"x${{ input.id }}"}],"${{ key }}":"y","n":1e2}"""));

        Assert.Equal("""{"a":[2,{"b":"xo-1"}],"${{ key }}":"y","n":1e2}""", template.Evaluate(Order, "t.with").Value.ToString());
        Assert.Equal([("/a/0", 4, "input.n"), ("/a/1/b", 5, "input.id")], template.Sites.Select(site => (site.Pointer, site.Offset, site.Expression.Text)));
        Assert.Equal(["input.n", "input.id"], template.Expressions.Select(expression => expression.Text));
    }

    [Fact]
    public void An_escaped_opening_is_an_opening_too() =>
        Assert.Equal("2", Template.Parse(Payload.FromTrustedUtf8("\"\\u0024{{ input.n }}\""u8.ToArray())).Evaluate(Order, "t.with").Value.ToString());

    [Fact]
    public void A_value_without_expressions_is_given_back_as_it_is()
    {
        var value = Payload.Parse("""{"a":[1,"}}"]}""");
        var template = Template.Parse(value);

        Assert.True(template.IsLiteral);
        Assert.Same(value, template.Evaluate(Order, "t.with").Value);
    }

    [Fact]
    public void A_value_without_expressions_costs_nothing_to_evaluate()
    {
        var template = Template.Parse(Payload.Parse("""{"a":1}"""));
        template.Evaluate(Order, "t.with");
        var before = GC.GetAllocatedBytesForCurrentThread();

        template.Evaluate(Order, "t.with");

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_whole_input_is_the_same_payload_and_no_copy() =>
        Assert.Same(Order.Input, Template.ParseText("${{ input }}").Evaluate(Order, "t.with").Value);

    [Theory]
    [InlineData("${{ input.a", 0, "put this in quotes")]
    [InlineData("Hello ${{ input.a ? b", 6, "put this in quotes")]
    [InlineData("x ${{ }}", 6, "missing")]
    [InlineData("ab ${{ foo }}", 7, "'foo'")]
    [InlineData("ab ${{ 1 + }}", 10, "JavaScript")]
    [InlineData("${{ a b }} and ${{ input }}", 6, "JavaScript")]
    public void A_text_that_cannot_be_parsed_is_refused_at_the_place(string text, int position, string message)
    {
        var refused = Assert.Throws<ExpressionSyntaxException>(() => Template.ParseText(text));

        Assert.Equal(position, refused.Position);
        Assert.Contains(message, refused.Message);
    }

    [Fact]
    public void In_a_value_the_refusal_says_which_string_it_is()
    {
        var refused = Assert.Throws<ExpressionSyntaxException>(() => Template.Parse(Payload.Parse("""{"a":[0,{"b/c":"x ${{ foo }}"}]}""")));

        Assert.Equal(("/a/1/b~1c", 6), (refused.Pointer, refused.Position));
    }

    [Fact]
    public void A_text_full_of_closings_is_refused_soon() =>
        Assert.Throws<ExpressionSyntaxException>(() => Template.ParseText("${{ (" + new string('}', 10_000)));

    [Theory]
    [InlineData("input.n > 1", true)]
    [InlineData("${{ input.n > 1 }}", true)]
    [InlineData("  ${{ input.n > 2 }} ", false)]
    [InlineData("input.yes", true)]
    [InlineData("input.none", false)]
    [InlineData("input.missing", false)]
    [InlineData("input.o", true)]
    [InlineData("0", false)]
    [InlineData("''", false)]
    [InlineData("'0'", true)]
    [InlineData("0/0", false)]
    [InlineData("[]", true)]
    [InlineData("() => 1", true)]
    [InlineData("input.id.length - 3", false)]
    public void A_condition_needs_no_braces_and_goes_by_truthiness(string text, bool truth) =>
        Assert.Equal(truth, Template.ParseCondition(text).IsTrue(Order, "t.if"));

    [Theory]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("-0.0", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"false\"", true)]
    [InlineData("null", false)]
    [InlineData("[]", true)]
    public void A_literal_is_true_as_in_JavaScript(string json, bool truth) =>
        Assert.Equal(truth, Template.Parse(Payload.Parse(json)).IsTrue(Order, "t.if"));

    [Theory]
    [InlineData("${{ input.a }} && ${{ input.b }}", 0)]
    [InlineData("${{ input.a }} x", 0)]
    [InlineData("secrets.A", 0)]
    [InlineData(" ${{ secrets.A }}", 5)]
    [InlineData("", 0)]
    [InlineData("  input.a +", 11)]
    public void A_condition_is_one_expression_and_no_secret(string text, int position) =>
        Assert.Equal(position, Assert.Throws<ExpressionSyntaxException>(() => Template.ParseCondition(text)).Position);
}
