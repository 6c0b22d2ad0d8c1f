using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Tests.Runs;

public sealed class EmbeddedNodeTests
{
    [Fact]
    public void The_handlers_that_run_offers_are_those_that_it_registers() =>
        Assert.Equal(["echo", "http", "process", "sleep"], EmbeddedNode.Handlers);
}
