using System.Text;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    [Fact]
    public void The_example_of_the_language_page_is_read_whole()
    {
        var flow = Samples.Read(Samples.LanguagePage);
        Assert.Equal(("order-fulfilment", 3, 50, 50), (flow.Name, flow.Version, flow.MaxParallel, flow.CheckpointEvery));
        Assert.Equal(["reserve", "risk", "approve", "charge", "ship"], flow.Tasks.Select(task => task.Id));
        Assert.Equal("{\"items\":\"${{ input.items }}\"}", Assert.IsType<TaskKind.Uses>(flow.Tasks[0].Kind).With.ToString());
        Assert.Equal<SwitchCase>([new("manual", "${{ input.total > 1000 }}"), new("auto", null)], Assert.IsType<TaskKind.Switch>(flow.Tasks[1].Kind).Cases);
        Assert.Equal(new TaskKind.Ask(AskKind.Approval, "Ship order ${{ input.orderId }}?", null, null, null, null), flow.Tasks[2].Kind);
        Assert.Equal(TimeSpan.FromDays(1), flow.Tasks[2].Timeout);
        Assert.Equal<Need>([new("risk", "auto"), new("approve", null)], flow.Tasks[3].Needs);
        Assert.Equal<string>(["CardDeclined"], flow.Tasks[3].Retry?.NonRetryable ?? []);
        Assert.Equal(0.2, flow.Tasks[3].Retry?.Jitter);
        Assert.Equal("{\"type\":\"object\",\"required\":[\"orderId\",\"items\"]}", flow.InputSchema?.ToString());
    }

    [Fact]
    public void All_errors_come_at_once_in_the_order_of_the_file()
    {
        var documents = DefinitionReader.Read(
            """
            name: Bad Name
            verison: 2
            timeout: 5 parsecs
            tasks:
              a: { uses: x, set: {}, needs: b }
              b: { uses: foo, need: [a], needs: [a, b, c] }
              c: { delay: 5 years }
            ---
            tasks: { d: { set: { v: "${{ tasks.zz.output }}" } } }
            """,
            "flow.yaml");

        Assert.Empty(documents.Definitions);
        Assert.Equal(
            [
                "1:7 bad-name", "2:1 unknown-key", "3:10 bad-duration", "5:17 kind-several", "5:33 cycle", "6:19 unknown-key",
                "6:41 self-dependency", "7:15 bad-duration", "9:1 missing-key", "9:30 unknown-task",
            ],
            documents.Errors.Select(error => $"{error.Position} {error.Code}"));
        Assert.Throws<DefinitionException>(() => documents.Main);
    }

    [Fact]
    public void An_error_is_one_line_with_its_place_code_and_advice() =>
        Assert.Equal(
            "flow.yaml:2:1 unknown-key unknown key `verison`; did you mean `version`?",
            DefinitionReader.Read("name: x\nverison: 2\ntasks: { a: { set: {} } }", "flow.yaml").Errors.Single().ToString());

    [Theory]
    [InlineData("time-out", "timeout")]
    [InlineData("max_parallel", "max-parallel")]
    [InlineData("Needs", "needs")]
    [InlineData("usse", "uses")]
    [InlineData("onError", "on-error")]
    public void An_unknown_key_names_the_nearest_known_one(string key, string nearest) =>
        Assert.EndsWith($"did you mean `{nearest}`?", DefinitionReader.Read($"name: x\ntasks: {{ a: {{ set: {{}}, {key}: 1 }} }}", "f.yaml").Errors.Single().Message);

    [Theory]
    [InlineData("workflow: other, parent-close: cancle", "cancel")]
    [InlineData("uses: e, on-error: contineu", "continue")]
    [InlineData("ask: { kind: aproval, prompt: Go? }", "approval")]
    public void An_unknown_word_names_the_nearest_known_one(string keys, string nearest) =>
        Assert.EndsWith($"did you mean `{nearest}`?", DefinitionReader.Read($"name: x\ntasks: {{ a: {{ {keys} }} }}", "f.yaml").Errors.Single().Message);

    [Fact]
    public void A_cycle_names_its_members_in_order() =>
        Assert.Contains(
            "a -> c -> b -> a",
            DefinitionReader.Read("name: x\ntasks:\n  a: { set: {}, needs: c }\n  b: { set: {}, needs: a }\n  c: { set: {}, needs: [b, d] }\n  d: { set: {} }", "f.yaml").Errors.Single().Message);

    [Fact]
    public void Two_circles_are_two_errors() =>
        Assert.Equal(
            ["3:24 cycle", "5:25 cycle"],
            DefinitionReader.Read(
                "name: x\ntasks:\n  a: { set: {}, needs: b }\n  b: { set: {}, needs: a }\n  c: { set: {}, needs: [d, a] }\n  d: { set: {}, needs: c }", "f.yaml")
                .Errors.Select(error => $"{error.Position} {error.Code}"));

    [Fact]
    public void The_first_document_runs_and_the_others_are_registered()
    {
        var documents = DefinitionReader.Read("---\nname: a\ntasks: { t: { set: {} } }\n---\nname: b\ntasks: { t: { set: {} } }\n---\n", "flow.yaml");
        Assert.Equal(["a", "b"], documents.Definitions.Select(definition => definition.Name));
        Assert.Same(documents.Definitions[0], documents.Main);
    }

    [Theory]
    [InlineData("10", "10")]
    [InlineData("-1.50e3", "-1.50e3")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("0123", "\"0123\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData("+1", "\"+1\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("2026-03-01", "\"2026-03-01\"")]
    [InlineData("\"10\"", "\"10\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("|\n        two\n        lines", "\"two\\nlines\\n\"")]
    [InlineData(">-\n        two\n        lines", "\"two lines\"")]
    [InlineData("\"\\ud83d\\ude00 \\u00e9\"", "\"\U0001F600 \u00e9\"")]
    [InlineData("[1, [a, {b: c}]]", "[1,[\"a\",{\"b\":\"c\"}]]")]
    public void Plain_scalars_are_what_JSON_has_and_text_otherwise(string yaml, string json)
    {
        var definition = Samples.Read($"name: x\ntasks:\n  a:\n    set:\n      v: {yaml}\n");
        Assert.Equal($"{{\"v\":{json}}}", ((TaskKind.Set)definition.Tasks[0].Kind).Values.ToString());
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\r")]
    public void Places_count_lines_by_any_line_break(string lineBreak)
    {
        var text = string.Join(lineBreak, "name: x", "tasks:", "  a:", "    set: {}", "    nope: 1");
        Assert.Equal(new SourcePosition(5, 5), DefinitionReader.Read(text, "flow.yaml").Errors.Single().Position);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key()
    {
        var text = "name: x\ntasks: { a: { set: {} } }";
        Assert.True(DefinitionReader.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], "flow.yaml").IsValid);
        Assert.True(DefinitionReader.Read("\uFEFF" + text, "flow.yaml").IsValid);
        Assert.True(DefinitionReader.Read("\uFEFF{\"name\":\"x\",\"tasks\":{\"a\":{\"set\":{}}}}", "flow.json").IsValid);
    }

    [Fact]
    public void What_is_not_UTF_8_is_refused_at_its_first_byte()
    {
        string Located(params byte[] bytes) => string.Join(' ', DefinitionReader.Read(bytes, "b").Errors.Select(error => $"{error.Position} {error.Code}"));

        Assert.Equal("2:2 not-text", Located([(byte)'a', (byte)'\n', (byte)'b', 0xC3, 0x28]));
        Assert.Equal("1:1 not-text", Located([0xFF, 0xFE, (byte)'n', 0]));
        Assert.Equal("1:1 not-text", Located([0xFE, 0xFF, 0, (byte)'n']));
        Assert.Equal("1:1 not-text", Located([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0]));
        Assert.Equal("1:3 not-text", Located([(byte)'a', (byte)'b', 0xE2, 0x82]));
    }

    [Theory]
    [InlineData("""{"name":"x","tasks":{"a":{"set":{}},"a":{"set":{}}}}""", "1:37 duplicate-id")]
    [InlineData("""{"name":"x","tasks":{"a":{"set":{"k":1,"k":2}}}}""", "1:40 duplicate-key")]
    [InlineData("{\"name\":\"x\",\n \"täsk\": 1, \"tasks\":{\"a\":{\"set\":{}}}}", "2:2 unknown-key")]
    [InlineData("{\"name\":\"\ud83d\ude00\",\"tasks\":{\"a\":{\"set\":{}}}}", "1:9 bad-name")]
    [InlineData("{\"description\":\"\ud83d\ude00\u00e9\",\"name\":5.5,\"version\":0,\"tasks\":{\"a\":{\"set\":{}}}}", "1:43 non-positive")]
    [InlineData("{\"name\":\"x\",\n\"tasks\":{\"a\":{\"set\":{}}},}", "2:26 syntax")]
    [InlineData("{\"name\":\"x\" // no", "1:13 syntax")]
    [InlineData("{\"name\":\"x\",\"tasks\":{\"a\":{\"set\":{}}}} more", "1:39 syntax")]
    [InlineData("{\"name\":\"\\ud800\",\"tasks\":{\"a\":{\"set\":{}}}}", "1:9 not-text")]
    [InlineData("[]", "1:1 wrong-type")]
    [InlineData("5", "1:1 wrong-type")]
    [InlineData("", "1:1 empty")]
    [InlineData("null", "1:1 wrong-type")]
    public void JSON_has_places_too(string json, string expected) =>
        Assert.Equal(expected, string.Join(", ", DefinitionReader.Read(json, "flow.json").Errors.Select(error => $"{error.Position} {error.Code}")));

    [Fact]
    public void JSON_and_YAML_give_the_same_definition()
    {
        var yaml = Samples.Read(Samples.LanguagePage);
        var json = Encoding.UTF8.GetString(DefinitionJson.Write(yaml));
        foreach (var file in new[] { "flow.json", "flow.yaml", "-" })
        {
            Assert.Equal(json, Encoding.UTF8.GetString(DefinitionJson.Write(Samples.Read(json, file))));
        }
    }

    [Theory]
    [InlineData("if: ${{ input.a # b }}")]
    [InlineData("if: ${{ input.a ? 'b' : 'c' }}")]
    [InlineData("with: { v: ${{ input.a }} }")]
    [InlineData("with: [${{ input.a }}]")]
    [InlineData("title: ${{ a: b }}")]
    public void An_expression_that_YAML_cuts_is_told_to_be_quoted(string key)
    {
        var error = DefinitionReader.Read($"name: x\ntasks:\n  a:\n    uses: e\n    {key}\n", "flow.yaml").Errors.Single();
        Assert.Equal((DefinitionCodes.UnquotedExpression, 5), (error.Code, error.Position?.Line));
        Assert.Contains("put this in quotes", error.Message);
    }

    [Fact]
    public void An_unquoted_expression_is_fine_where_YAML_leaves_it_alone() =>
        Samples.Read("name: x\ntasks:\n  a:\n    if: ${{ input.a && (input.b || 'c') }}\n    for-each: ${{ input.items }}\n    uses: e\n    with:\n      v: ${{ item }}\n");

    [Fact]
    public void A_place_within_an_expression_is_exact_where_the_text_stands_as_written()
    {
        SourcePosition? At(string value) => DefinitionReader.Read($"name: x\ntasks:\n  a:\n    if: {value}\n    set: {{}}", "f.yaml").Errors.Single().Position;

        Assert.Equal(new SourcePosition(4, 26), At("${{ input.a &&   tasks.zz.output }}"));
        Assert.Equal(new SourcePosition(4, 14), At("'${{ tasks.zz.output }}'"));
        Assert.Equal(new SourcePosition(4, 9), At("\"${{ tasks.zz.output }} \\n\""));
    }

    [Theory]
    [InlineData("name: x\ntasks: { a: { set: {} } }", "flow.yaml")]
    [InlineData("{\"name\":\"x\",\"tasks\":{\"a\":{\"set\":{}}}}", "-")]
    [InlineData("{name: x, tasks: {a: {set: {}}}}", "flow.yml")]
    public void The_name_or_else_the_text_says_which_language_it_is(string text, string file) => Samples.Read(text, file);
}
