using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class ExpressionSyntaxTests
{
    [Theory]
    [InlineData("input.a + item + index + iteration", "Input@0 Item@10 Index@17 Iteration@25")]
    [InlineData("workflow.id", "Workflow@0")]
    [InlineData("tasks.a.output", "Task(a)@0")]
    [InlineData("tasks['a-b'].status", "Task(a-b)@0")]
    [InlineData("tasks?.a", "Task(a)@0")]
    [InlineData("tasks?.['a']?.output", "Task(a)@0")]
    [InlineData("(tasks?.a).output", "Task(a)@1")]
    [InlineData("[tasks.a, tasks.b, tasks.a]", "Task(a)@1 Task(b)@10 Task(a)@19")]
    [InlineData("tasks[ 'a' ][input.k]", "Task(a)@0 Input@13")]
    [InlineData("`${tasks.a.output}`", "Task(a)@3")]
    [InlineData("{ input }", "Input@2")]
    [InlineData("{ input: 1 }", "")]
    [InlineData("({}).input", "")]
    [InlineData("secrets.TOKEN", "Secret(TOKEN)@0")]
    [InlineData("secrets['TOKEN']", "Secret(TOKEN)@0")]
    [InlineData("Math.max(...[1, 2])", "")]
    public void Every_name_of_the_language_is_found_where_it_stands(string text, string references) =>
        Assert.Equal(references, Describe(Expression.Parse(text)));

    [Theory]
    [InlineData("[1].map(input => input.x)")]
    [InlineData("[1].map(({ a: { input }, ...item }, [index = 1]) => input + item + index)")]
    [InlineData("(function (tasks) { return tasks[0] })([1])")]
    [InlineData("(function tasks() { return tasks.length })()")]
    [InlineData("(() => { const input = 1; { let item = input; return item } })()")]
    [InlineData("(() => { for (const item of [1]) { if (item) return item } })()")]
    [InlineData("(() => { if (true) { var input = 1 } return input })()")]
    [InlineData("(() => { function tasks() { return 1 } return tasks() })()")]
    [InlineData("(() => { try { throw 1 } catch (item) { return item } })()")]
    [InlineData("(() => { switch (1) { case 1: let input = 2; return input } })()")]
    [InlineData("(() => { input: for (;;) { break input } })()")]
    public void A_name_the_expression_declares_hides_that_of_the_language(string text) =>
        Assert.Empty(Expression.Parse(text).References);

    [Theory]
    [InlineData("(() => { { const input = 1 } return input })()", "Input@36")]
    [InlineData("[1].map(item => item) && item", "Item@25")]
    [InlineData("(a = input) => { let input = 1 }", "Input@5")]
    public void A_declared_name_hides_only_within_its_scope(string text, string references) =>
        Assert.Equal(references, Describe(Expression.Parse(text)));

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 0)]
    [InlineData("a;b", 1)]
    [InlineData("input input", 6)]
    [InlineData("1 +", 3)]
    [InlineData("  1 + ", 5)]
    [InlineData("if (input) 1", 0)]
    [InlineData("let a = 1", 0)]
    [InlineData("'open", 0)]
    [InlineData("input + foo", 8)]
    [InlineData("  foo", 2)]
    [InlineData("[1].map(a => b)", 13)]
    [InlineData("tasks", 0)]
    [InlineData("tasks[input.k]", 6)]
    [InlineData("tasks[0]", 6)]
    [InlineData("Object.keys(tasks)", 12)]
    [InlineData("({ ...tasks })", 6)]
    [InlineData("secrets", 0)]
    [InlineData("secrets[input.k]", 0)]
    [InlineData("'Bearer ' + secrets.TOKEN", 12)]
    [InlineData("secrets.TOKEN.length", 0)]
    [InlineData("input.a = 1", 0)]
    [InlineData("1 && (input = 1)", 6)]
    [InlineData("input.n++", 0)]
    [InlineData("delete input.a", 0)]
    [InlineData("Math.max = 1", 0)]
    [InlineData("((a) => { [a, input.b] = [1, 2] })(1)", 14)]
    [InlineData("((a) => { for (input.b of a) {} })([1])", 15)]
    [InlineData("(a => a.b = 1)({})", 6)]
    [InlineData("await 1", 0)]
    [InlineData("async () => 1", 0)]
    [InlineData("function* () { yield 1 }", 0)]
    [InlineData("import('fs')", 0)]
    [InlineData("import.meta", 7)]
    [InlineData("this.x", 0)]
    [InlineData("function () { return new.target }", 21)]
    [InlineData("class {}", 0)]
    [InlineData("globalThis", 0)]
    [InlineData("Date.now()", 0)]
    [InlineData("new Date()", 4)]
    [InlineData("eval('1')", 0)]
    [InlineData("Function('return 1')", 0)]
    [InlineData("new Proxy({}, {})", 4)]
    [InlineData("new Uint8Array(9)", 4)]
    [InlineData("System.IO.File", 0)]
    [InlineData("importNamespace('System')", 0)]
    [InlineData("(function () { return arguments })()", 22)]
    [InlineData("10n", 0)]
    [InlineData("/(/", 2)]
    public void What_is_not_one_expression_of_the_language_is_refused_at_its_place(string text, int position) =>
        Assert.Equal(position, Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse(text)).Position);

    [Theory]
    [InlineData("(() => { let a = 1; a += 2; a++; [a] = [3]; ({ b: a = 1 } = {}); return a })()")]
    [InlineData("((a) => { for (a of [1, 2]) {} return a })(0)")]
    [InlineData("{ a: 1 }")]
    [InlineData("input // the whole of it")]
    [InlineData("(1, 2)")]
    public void Whatever_else_is_an_expression_is_taken(string text) => Assert.Equal(text, Expression.Parse(text).Text);

    [Fact]
    public void An_id_with_a_dash_after_a_dot_is_answered_with_how_to_write_it() =>
        Assert.Contains("tasks['a-b']", Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse("tasks.load-data.output")).Message);

    [Theory]
    [InlineData("(", ")", 8_000)]
    [InlineData("[", "]", 8_000)]
    [InlineData("{a:", "}", 4_000)]
    [InlineData("!", "", 16_000)]
    [InlineData("a=>", "", 5_000)]
    [InlineData("1+", "", 8_000)]
    [InlineData("new ", "", 4_000)]
    [InlineData("`${", "}`", 3_000)]
    public void Deep_syntax_is_refused_and_breaks_nothing(string open, string close, int times)
    {
        var text = string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(close, times));

        Assert.Contains("deeper", Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse(text)).Message);
    }

    [Fact]
    public void A_text_too_long_is_refused() =>
        Assert.Contains("longer", Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse(new string('1', 20_000))).Message);

    private static string Describe(Expression expression) => string.Join(' ', expression.References.Select(reference =>
        $"{reference.Kind}{(reference.Name is { } name ? $"({name})" : "")}@{reference.Position}"));
}
