namespace ActorFlow.Testing.Tests;

public sealed class FirstTests
{
    [Fact]
    public async Task A_run_of_thirty_days_takes_no_time()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("greet", (_, input) => $"Hello, {input.To<string[]>()![0]}!"));
        var run = await host.StartAsync(host.Register(
            """
            name: patient
            tasks:
              wait: { delay: 30d }
              greet: { needs: [wait], uses: greet, with: ["${{ input.name }}"], retry: { max-attempts: 2 } }
            """), new { name = "Ada" });
        host.FailNext("greet");

        await host.AdvanceAsync(29.Days());
        Assert.Empty(host.Calls);
        await run.EndAsync();

        Assert.Equal("\"Hello, Ada!\"", run.Tasks["greet"].Output.ToString());
        Assert.Equal(2, run.Tasks["greet"].Attempts);
    }
}
