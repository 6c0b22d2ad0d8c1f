using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tests.Workflows;

namespace ActorFlow.Core.Tests.Payloads;

/// <summary>The output of a command whose text is its value: kept once, found twice.</summary>
public sealed class CommandOutputTests
{
    [Theory]
    [InlineData("done\n", "done")]
    [InlineData("a\nb\r\n\n", "a\nb")]
    [InlineData("", "")]
    [InlineData("\\n", "\\n")]
    [InlineData("\u00fc \"q\" \ud83d\ude00\n", "\u00fc \"q\" \ud83d\ude00")]
    public void Readers_find_the_value(string stdout, string value)
    {
        var kept = CommandOutput.Of(3, stdout, "no\n");
        using var document = CommandOutput.Readable(kept).ToDocument();
        var root = document.RootElement;

        Assert.Equal(["exitCode", "stdout", "stderr", "value"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal((3, stdout, "no\n", value), (
            root.GetProperty("exitCode").GetInt32(), root.GetProperty("stdout").GetString(), root.GetProperty("stderr").GetString(), root.GetProperty("value").GetString()));
        Assert.DoesNotContain("value", kept.ToString());
    }

    [Theory]
    [InlineData("""{"exitCode":0,"stdout":"a\n","stderr":"","value":["a"]}""")]
    [InlineData("""{"exitCode":0,"stdout":1,"stderr":""}""")]
    [InlineData("""{"exitCode":0,"stdout":"a"}""")]
    [InlineData("""{"exitCode":{"a":1},"stdout":"a","stderr":""}""")]
    [InlineData("""{"exitCode":0,"stdout":"a","stderr":"","note":"n","more":1}""")]
    [InlineData("""{"stdout":"a","exitCode":0,"stderr":""}""")]
    [InlineData("7")]
    public void Any_other_payload_is_itself(string json)
    {
        var payload = Payload.Parse(json);

        Assert.Same(payload, CommandOutput.Readable(payload));
    }

    [Fact]
    public void Expressions_results_fan_outs_loops_and_descriptions_find_it()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: 1 }
              each: { for-each: [1, 2], uses: work, needs: a }
              loop: { uses: work, needs: a, repeat: { until: "${{ tasks.loop.output.value === 'x' }}" } }
              read:
                needs: [each, loop]
                set:
                  path: ${{ tasks.a.output.value }}
                  length: ${{ tasks.a.output.value.length + tasks.a.output.stdout.length }}
                  keys: ${{ Object.keys(tasks.a.output) }}
                  each: ${{ tasks.each.output.map(o => o.value) }}
                  loop: ${{ tasks.loop.output.value }}
              last: { uses: work, needs: a }
            """).Handler("work", _ => CommandOutput.Of(0, "x\n", "")).RunToEnd();

        Assert.Equal(
            """{"read":{"path":"x","length":3,"keys":["exitCode","stdout","stderr","value"],"each":["x","x"],"loop":"x"},"""
                + "\"last\":" + """{"exitCode":0,"stdout":"x\n","stderr":"","value":"x"}}""",
            run.Output);
        Assert.Equal(["a", "each[0]", "each[1]", "loop#0", "last"], run.Paths);
    }
}
