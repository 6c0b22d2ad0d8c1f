using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Characters and keys that YAML 1.1 reads otherwise than YAML 1.2, or than an editor shows them.</summary>
public sealed class YamlCharactersTests
{
    [Theory]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    public void A_separator_ends_no_line(char separator)
    {
        var read = DefinitionReader.Read(
            $"name: x # a{separator}name: y\ntasks:\n  plain: {{ set: {{ v: a{separator}b }} }}\n  quoted: {{ set: {{ v: \"a{separator}b\" }} }}\n  block:\n    set:\n      v: |-\n        a{separator}b\n  escaped: {{ set: {{ v: \"a\\u{(int)separator:x4}b\" }} }}\n",
            "x.yaml");

        Assert.Empty(read.Errors);
        Assert.Equal("x", read.Definitions[0].Name);
        var values = read.Definitions[0].Tasks.Select(task => ((TaskKind.Set)task.Kind).Values.To<Dictionary<string, string>>()!["v"]);
        Assert.Equal(Enumerable.Repeat($"a{separator}b", 4), values);
    }

    [Theory]
    [InlineData("name: x # \u2028\ntasks:\n  a: { uses: b, x: 1 }\n", "3:17")]
    [InlineData("name: x # \u0085\r\ntasks:\r\n\ta: 1\n", "3:1")]
    [InlineData("name: x # \u2029\rtasks:\r  a: { uses: ${{ x }} }\n", "3:14")]
    public void Positions_count_what_an_editor_calls_a_line(string text, string position) =>
        Assert.Equal(position, DefinitionReader.Read(text, "x.yaml").Errors[0].Position?.ToString());

    [Theory]
    [InlineData("name: x\ntasks:\n  ? \n", "3:4", "a key is missing here; write one before the colon")]
    [InlineData("name: x\ntasks:\n  ? \n  : { set: {} }\n", "3:4", "a key is missing here")]
    [InlineData("name: x\ntasks:\n  ~: { set: {} }\n", "3:3", "a key must be text, and `~` is null; put it in quotes")]
    [InlineData("name: x\ntasks:\n  null: { set: {} }\n", "3:3", "a key must be text, and `null` is null; put it in quotes")]
    [InlineData("name: x\ntasks: { ? }\n", "2:12", "a key is missing here")]
    [InlineData("name: x\ntasks: { : 1 }\n", "2:10", "a key is missing here")]
    [InlineData("name: x\ntasks:\n  a: { set: { ? } }\n", "3:17", "a key is missing here")]
    [InlineData("name: x\ntasks:\n  ? [a]\n  : { set: {} }\n", "3:5", "a key must be text, and this is a list; put it in quotes")]
    public void A_key_that_is_no_text_is_one_problem_with_its_position(string text, string position, string message)
    {
        var problem = Assert.Single(DefinitionReader.Read(text, "x.yaml").Errors);
        Assert.Equal((DefinitionCodes.KeyNotText, position), (problem.Code, problem.Position?.ToString()));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: x\ntasks:\n  : { set: {} }\n", "3:4")]
    [InlineData("name: x\ntasks:\n  ? : { set: {} }\n", "3:6")]
    public void A_missing_key_that_the_parser_stumbles_over_is_told_first(string text, string position)
    {
        var first = DefinitionReader.Read(text, "x.yaml").Errors[0];
        Assert.Equal((DefinitionCodes.KeyNotText, position), (first.Code, first.Position?.ToString()));
    }

    [Fact]
    public void A_key_without_a_value_is_null()
    {
        var read = DefinitionReader.Read("name: x\ntasks:\n  a: { set: { ? v } }\n", "x.yaml");
        Assert.Equal("""{"v":null}""", ((TaskKind.Set)Assert.Single(read.Definitions[0].Tasks).Kind).Values.ToString());
    }

    [Fact]
    public void An_emoji_in_a_message_is_shown_as_it_is() =>
        Assert.Contains("`a😀b`", DefinitionReader.Read("name: x\ntasks:\n  a: { a😀b: 1, set: {} }\n", "x.yaml").Errors[0].Message, StringComparison.Ordinal);
}
