using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>How deep JSON may nest: at the doors of a run, and where a run makes it.</summary>
public sealed class DepthTests
{
    private static Payload Nested(int levels) =>
        Payload.FromTrustedUtf8(System.Text.Encoding.ASCII.GetBytes(new string('[', levels) + new string(']', levels)));

    [Theory]
    [InlineData(64)]
    [InlineData(127)]
    public void A_deep_list_goes_through_a_fan_out_over_outputs(int levels)
    {
        var run = Scenario.Of("""
            tasks:
              a: { for-each: [1], uses: work }
              m: { needs: [a], for-each: "${{ tasks.a.output }}", set: { ok: true } }
            output: ok
            """).Handler("work", _ => Nested(levels)).RunToEnd();

        Assert.Equal((RunOutcome.Completed, 1), (run.Outcome, run.CountOf("a[0]")));
    }

    [Theory]
    [InlineData("a: { uses: work, retry: { max-attempts: 5 } }", 129, "a")]
    [InlineData("a: { for-each: [1], uses: work, retry: { max-attempts: 5 } }", 128, "a[0]")]
    [InlineData("a: { set: { x: \"${{ input }}\" } }", 0, "a")]
    [InlineData("a: { uses: work, with: [\"${{ input }}\"] }", 0, "a")]
    [InlineData("a: { for-each: [[\"${{ input }}\"]], uses: work }", 0, "a")]
    [InlineData("a: { tasks: { b: { set: { x: 1 } } }, output: [\"${{ input }}\"] }", 0, "a")]
    [InlineData("a: { set: { x: \"${{ [input].concat([]) }}\" } }", 0, "a")]
    public void What_grows_too_deep_fails_its_task_once(string task, int output, string path)
    {
        var run = Scenario.Of($"tasks:\n  {task}\noutput: ok")
            .Input(Nested(128)).Handler("work", _ => Nested(output)).RunToEnd();

        Assert.Equal((RunOutcome.Failed, ErrorTypes.PayloadTooDeep, path), (run.Outcome, run.End.Error?.Type, run.End.Error?.Task));
        Assert.Equal(output == 0 ? 0 : 1, run.CountOf(path));
    }

    [Theory]
    [InlineData("output: [\"${{ input }}\"]")]
    [InlineData("")]
    public void An_output_that_grows_too_deep_fails_the_run(string output)
    {
        var run = Scenario.Of($"tasks:\n  a: {{ uses: work }}\n{output}")
            .Input(Nested(128)).Handler("work", _ => Nested(128)).RunToEnd();

        Assert.Equal((RunOutcome.Failed, ErrorTypes.PayloadTooDeep, ""), (run.Outcome, run.End.Error?.Type, run.End.Error?.Task));
    }
}
