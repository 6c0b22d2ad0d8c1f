using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Running;

public sealed class RoundLengthTests
{
    private static readonly IReadOnlyList<Spec> Specs = Spec.In(typeof(RoundLengthTests).Assembly);

    // The first execution is NBench's own, which counts for nothing; "sample" is measured three times.
    [Theory]
    [InlineData("sample", false, 1, 0)]
    [InlineData("sample", false, 2, 1)]
    [InlineData("sample", false, 3, 1)]
    [InlineData("sample", false, 4, 5)]
    [InlineData("sample", true, 2, 0)]
    [InlineData("sample", true, 4, 0)]
    [InlineData("sample-once", false, 2, 0)]
    public void The_rounds_of_a_throughput_spec_last_a_second_and_the_last_five(string id, bool quick, int execution, int seconds)
    {
        var run = new SpecRun(Specs.Single(spec => spec.Id == id), new Session(new MemoryDatabase(), quick), new Progress(TextWriter.Null)) { Executions = execution };

        Assert.Equal(TimeSpan.FromSeconds(seconds), RoundLength.Of(run));
    }

    [Fact]
    public async Task A_body_is_repeated_until_its_time_is_over()
    {
        var done = 0;
        await RoundLength.RepeatAsync(TimeSpan.Zero, Body);
        Assert.Equal(1, done);

        await RoundLength.RepeatAsync(TimeSpan.FromMilliseconds(5), Body);
        Assert.InRange(done, 3, int.MaxValue);

        Task Body()
        {
            done++;
            return Task.CompletedTask;
        }
    }
}
