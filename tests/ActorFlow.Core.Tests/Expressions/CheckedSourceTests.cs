using ActorFlow.Core.Expressions.Parsing;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class CheckedSourceTests
{
    [Theory]
    [InlineData("input.a + `x`", "input.a + `x`")]
    [InlineData("`a${1}`", "__check(`a${1}`)")]
    [InlineData("`a${`b${1}`}`", "__check(`a${__check(`b${1}`)}`)")]
    [InlineData("[...a, [...b]]", "__check([...a, __check([...b])])")]
    [InlineData("({ ...{ ...a } })", "(__check({ ...__spread(__check({ ...__spread(a) })) }))")]
    [InlineData("f`a${[...x]}`", "f`a${__check([...x])}`")]
    [InlineData("x => [...x]", "x => __check([...x])")]
    [InlineData("1 // end", "1 // end")]
    public void Templates_and_spreads_are_checked_where_they_stand(string text, string source) =>
        Assert.Equal($"({source}\n)", CheckedSource.Of(text, ExpressionSyntax.Parse(text)));
}
