using System.Collections.Immutable;
using System.Text;
using ActorFlow.Core.Definitions;
using CsCheck;

namespace ActorFlow.Core.Tests.Definitions;

public sealed class DefinitionJsonTests
{
    [Fact]
    public void The_canonical_form_is_the_language_without_what_is_default()
    {
        var definition = Samples.Read(
            "name: x\nversion: 1\ncheckpoint: { every: 100 }\non-failure: fail\ntasks:\n  a: { needs: [], on-error: fail, checkpoint: false, set: {} }\n"
            + "  b: { uses: e, with: null, join: 1, needs: a, repeat: { until: 1, max: 1000 }, timeout: 90s, retry: {} }");
        Assert.Equal(
            """{"name":"x","version":1,"tasks":{"a":{"set":{}},"b":{"uses":"e","needs":["a"],"join":"any","repeat":{"until":"1"},"timeout":"1m30s","retry":{}}}}""",
            Canonical(definition));
    }

    [Fact]
    public void The_canonical_form_of_the_example_never_changes()
    {
        // Stored definitions are found by this hash: a change of the form orphans them.
        var definition = Samples.Read(Samples.OrderFulfilment);
        Assert.Equal(
            "{\"name\":\"order-fulfilment\",\"version\":3,\"description\":\"Reserve, charge, ship.\",\"input\":{\"type\":\"object\",\"required\":[\"orderId\",\"items\"]},"
            + "\"defaults\":{\"timeout\":\"30s\",\"retry\":{\"max-attempts\":3},\"queue\":\"default\"},\"timeout\":\"2d\",\"max-parallel\":50,\"checkpoint\":{\"every\":50},\"tasks\":{"
            + "\"reserve\":{\"uses\":\"inventory.reserve\",\"with\":{\"items\":\"${{ input.items }}\"},\"compensate\":{\"uses\":\"inventory.release\",\"with\":{\"id\":\"${{ tasks.reserve.output.id }}\"}}},"
            + "\"risk\":{\"switch\":[{\"case\":\"manual\",\"if\":\"${{ input.total > 1000 }}\"},{\"case\":\"auto\"}],\"needs\":[\"reserve\"]},"
            + "\"approve\":{\"delay\":\"1d\",\"needs\":[\"risk.manual\"]},"
            + "\"charge\":{\"uses\":\"payments.charge\",\"needs\":[\"risk.auto\",\"approve\"],\"if\":\"${{ tasks.approve.status != 'completed' || tasks.approve.output === null }}\","
            + "\"retry\":{\"max-attempts\":5,\"backoff\":\"exponential\",\"initial\":\"1s\",\"max\":\"1m\",\"factor\":2,\"jitter\":0.2,\"non-retryable\":[\"CardDeclined\"]}},"
            + "\"ship\":{\"uses\":\"shipping.ship\",\"with\":{\"sku\":\"${{ item.sku }}\",\"n\":\"${{ index }}\"},\"needs\":[\"charge\"],\"for-each\":\"${{ input.items }}\",\"max-parallel\":10}},"
            + "\"output\":{\"receipt\":\"${{ tasks.charge.output?.id }}\",\"parcels\":\"${{ tasks.ship.output }}\"}}",
            Canonical(definition));
    }

    [Fact]
    public void The_canonical_form_of_children_signals_questions_and_checkpoints_never_changes()
    {
        var definition = Samples.Read(
            """
            name: x
            checkpoint: { keep: 5, interval: 90m, every: 100 }
            tasks:
              a: { with: { n: 1.50 }, parent-close: abandon, workflow: other@2, timeout: 1h }
              b: { workflow: other, with: null, parent-close: cancel }
              c: { schema: { type: string }, signal: go }
              d: { signal: stop }
              e: { ask: { default: b, schema: true, assignees: [ann], options: [a, b], prompt: Which?, kind: choice }, timeout: 5m }
              f: { ask: { kind: review, prompt: "${{ input }}", assignees: "${{ input.who }}" } }
            """);
        Assert.Equal(
            "{\"name\":\"x\",\"version\":1,\"checkpoint\":{\"interval\":\"1h30m\",\"keep\":5},\"tasks\":{\"a\":{\"workflow\":\"other@2\",\"with\":{\"n\":1.50},\"parent-close\":\"abandon\",\"timeout\":\"1h\"},"
            + "\"b\":{\"workflow\":\"other\"},\"c\":{\"signal\":\"go\",\"schema\":{\"type\":\"string\"}},\"d\":{\"signal\":\"stop\"},"
            + "\"e\":{\"ask\":{\"kind\":\"choice\",\"prompt\":\"Which?\",\"options\":[\"a\",\"b\"],\"assignees\":[\"ann\"],\"schema\":true,\"default\":\"b\"},\"timeout\":\"5m\"},"
            + "\"f\":{\"ask\":{\"kind\":\"review\",\"prompt\":\"${{ input }}\",\"assignees\":\"${{ input.who }}\"}}}}",
            Canonical(definition));
    }

    [Fact]
    public void The_hash_is_the_SHA_256_of_the_canonical_form()
    {
        var definition = Samples.Read(Samples.OrderFulfilment);
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(DefinitionJson.Write(definition))).ToLowerInvariant();
        Assert.Equal(new("order-fulfilment", 3, hash), definition.ToReference());
        Assert.NotEqual(hash, DefinitionHash.Of(definition with { Description = "Something else." }));
    }

    [Fact]
    public void How_a_string_was_escaped_does_not_matter()
    {
        var plain = Samples.Read("name: x\ntasks: { a: { set: { v: \"\u00e9 <b> ' +\" } } }");
        var escaped = plain with { Tasks = [plain.Tasks[0] with { Kind = new TaskKind.Set(Payload.FromTrustedUtf8("{\"v\":\"\\u00e9 \\u003cb\\u003e \\u0027 \\u002B\"}"u8.ToArray())) }] };
        Assert.Equal(Canonical(plain), Canonical(escaped));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"name\":\"x\",\"tasks\":{\"a\":{\"set\":5}}}")]
    [InlineData("not json")]
    public void What_was_not_written_so_is_refused(string json) =>
        Assert.Throws<DefinitionException>(() => DefinitionJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Any_valid_definition_is_read_back_equal() =>
        RandomDefinitions.Valid.Sample(
            definition =>
            {
                var written = DefinitionJson.Write(definition);
                var read = DefinitionJson.Read(written);
                Assert.Equal(Encoding.UTF8.GetString(written), Canonical(read));
                Assert.Equal(definition.Defaults.Queue, read.Defaults.Queue);
                Assert.Equal(
                    (definition.CheckpointEvery, definition.CheckpointInterval, definition.CheckpointKeep),
                    (read.CheckpointEvery, read.CheckpointInterval, read.CheckpointKeep));
                Assert.Equal(definition.Tasks.Select(Shallow), read.Tasks.Select(Shallow));
            },
            iter: 2000);

    [Fact]
    public void Any_valid_definition_has_no_errors_and_YAML_and_JSON_agree_on_it() =>
        RandomDefinitions.Valid.Sample(
            definition =>
            {
                Assert.DoesNotContain(DefinitionCheck.Run(definition), problem => !problem.IsWarning);
                var json = Canonical(definition);
                Assert.Equal(json, Canonical(Samples.Read(json, "flow.json")));
                Assert.Equal(json, Canonical(Samples.Read(json, "flow.yaml")));
                Assert.Equal(json, Canonical(Samples.Read(YamlText.Of(json), "flow.yaml")));
            },
            iter: 1000);

    /// <summary>Every field of a task that compares by value.</summary>
    private static object Shallow(TaskDefinition task) =>
        (task with { Kind = task.Kind is TaskKind.Switch or TaskKind.Group ? new TaskKind.Delay(task.Kind.GetType().Name) : task.Kind, Needs = [], Retry = null }, string.Join(' ', task.Needs), task.Retry is null,
            task.Retry?.MaxAttempts, task.Retry?.Initial, task.Retry?.Factor, string.Join(' ', task.Retry?.NonRetryable ?? ImmutableArray<string>.Empty));

    private static string Canonical(WorkflowDefinition definition) => Encoding.UTF8.GetString(DefinitionJson.Write(definition));
}
