using ActorFlow.Perf.Nodes;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Perf.Tests.Nodes;

public sealed class DeadLetterWatchTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("watched", "akka.loglevel = OFF");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task It_names_what_found_nobody()
    {
        await using var watch = new DeadLetterWatch(_system);
        Assert.Empty(await watch.SeenAsync());

        _system.DeadLetters.Tell("hello");

        var letter = Assert.Single(await watch.SeenAsync());
        Assert.StartsWith("String from ", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_leaves_out_what_its_sender_does_not_care_about()
    {
        await using var watch = new DeadLetterWatch(_system);

        _system.DeadLetters.Tell(new Careless());

        Assert.Empty(await watch.SeenAsync());
    }

    private sealed class Careless : IDeadLetterSuppression;
}
