using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Definitions;

public sealed class RetryWaitsTests
{
    [Fact]
    public void The_default_max_is_at_least_the_first_wait()
    {
        var policy = RetryPolicy.Merge(new() { MaxAttempts = 2, Initial = TimeSpan.FromHours(2), Jitter = 0 }, null);
        Assert.Equal(TimeSpan.FromHours(2), policy.WaitAfter(1, 0.5));
        Assert.Equal(TimeSpan.FromMinutes(1), RetryPolicy.Merge(null, null).Max);
    }

    [Theory]
    [InlineData("", "initial: 2h, max: 1h", "retry-contradiction")]
    [InlineData("defaults: { retry: { max: 1m } }", "initial: 2h", "retry-contradiction")]
    [InlineData("defaults: { retry: { initial: 2h } }", "max: 1m", "retry-contradiction")]
    [InlineData("defaults: { retry: { initial: 2h } }", "max-attempts: 3", null)]
    [InlineData("", "initial: 2h", null)]
    [InlineData("", "initial: 1h, max: 1h", null)]
    public void A_first_wait_over_the_longest_is_an_error(string defaults, string retry, string? code)
    {
        var read = DefinitionReader.Read($"name: x\n{defaults}\ntasks:\n  a: {{ uses: echo, retry: {{ {retry} }} }}\n", "x.yaml");
        Assert.Equal(code is null ? [] : [code], read.Errors.Select(error => error.Code));
    }

    [Theory]
    [InlineData("1.5h", "as `1h30m`")]
    [InlineData("1 h", "as `1h`")]
    [InlineData("90", "as `90s` or `90ms`")]
    [InlineData("1d12", "each number needs a unit")]
    [InlineData("2 weeks", "as `14d`")]
    [InlineData("0.5s", "as `500ms`")]
    [InlineData("30S", "as `30s`")]
    public void A_duration_in_another_form_is_answered_with_the_form(string written, string hint)
    {
        var read = DefinitionReader.Read($"name: x\ntasks:\n  a: {{ uses: echo, timeout: {written} }}\n", "x.yaml");
        Assert.Contains(hint, Assert.Single(read.Errors).Message, StringComparison.Ordinal);
    }
}
