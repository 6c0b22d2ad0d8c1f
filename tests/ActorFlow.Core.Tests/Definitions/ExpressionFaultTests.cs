using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>What no run could make right is an error before the start.</summary>
public sealed class ExpressionFaultTests
{
    [Theory]
    [InlineData("Math.random()", "Math.random is not there")]
    [InlineData("Math['random']()", "Math.random is not there")]
    [InlineData("[1].map(Math.random)", "Math.random is not there")]
    [InlineData("Math.flor(1.5)", "did you mean `floor`?")]
    [InlineData("JSON.pars('1')", "did you mean `parse`?")]
    [InlineData("Object.key({})", "did you mean `keys`?")]
    [InlineData("Date.now()", "name Date is not there")]
    [InlineData("new Date()", "name Date is not there")]
    [InlineData("performance.now()", "name performance is not there")]
    [InlineData("crypto.randomUUID()", "name crypto is not there")]
    [InlineData("eval('1')", "'eval' is not known")]
    [InlineData("Function('return 1')()", "'Function' is not known")]
    [InlineData("setTimeout(() => 1)", "'setTimeout' is not known")]
    [InlineData("globalThis.Math.random()", "'globalThis' is not known")]
    [InlineData("Intl.DateTimeFormat()", "'Intl' is not known")]
    [InlineData("inputs.x", "did you mean `input`")]
    [InlineData("tasks.a.ouput", "did you mean `output`?")]
    [InlineData("tasks.a?.['statuss']", "did you mean `status`?")]
    [InlineData("tasks.a.error.tpye", "did you mean `type`?")]
    [InlineData("tasks.a.error?.mesage", "did you mean `message`?")]
    [InlineData("workflow.idd", "did you mean `id`?")]
    [InlineData("workflow.start", "has no member `start`")]
    [InlineData("1e400", "does not hold the number 1e400")]
    [InlineData("0x20000000000001", "does not hold the number 0x20000000000001")]
    [InlineData("input.n + 9007199254740993", "does not hold the number 9007199254740993")]
    public void It_is_found_with_its_place(string expression, string message)
    {
        var problem = Assert.Single(Problems(expression));
        Assert.Contains(message, problem.Message);
        Assert.NotNull(problem.Position);
    }

    [Theory]
    [InlineData("Math.floor(1.5) + Math.PI + Math['max'](1, 2)")]
    [InlineData("Object.keys(input).length + Number.MAX_SAFE_INTEGER + Array.from([1]).length + String.fromCharCode(65).length")]
    [InlineData("Math.toString()")]
    [InlineData("[1].map(workflow => workflow.idd)")]
    [InlineData("((Math) => Math.random)({})")]
    [InlineData("tasks.a.error?.failures?.[0]?.type")]
    [InlineData("tasks.a.output?.ouput")]
    [InlineData("input.random")]
    [InlineData("[9007199254740993, 1e25, 0x10, 0.1000000000000000055]")]
    public void What_may_be_right_is_left_alone(string expression) => Assert.Empty(Problems(expression));

    private static IReadOnlyList<DefinitionProblem> Problems(string expression) =>
        [.. DefinitionReader.Read($"name: x\ntasks:\n  a: {{ set: {{}} }}\n  b:\n    needs: a\n    set:\n      v: >-\n        ${{{{ {expression} }}}}\n", "x.yaml").Errors];
}
