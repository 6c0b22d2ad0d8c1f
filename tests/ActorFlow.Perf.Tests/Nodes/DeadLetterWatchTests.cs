using ActorFlow.Perf.Nodes;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

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

    [Fact]
    public async Task It_leaves_out_that_an_old_checkpoint_is_gone_but_not_that_it_is_still_there()
    {
        await using var watch = new DeadLetterWatch(_system);
        var old = new SnapshotMetadata("run", 1, DateTime.UnixEpoch);

        _system.DeadLetters.Tell(new DeleteSnapshotSuccess(old));
        _system.DeadLetters.Tell(new DeleteSnapshotFailure(old, new InvalidOperationException("locked")));

        Assert.StartsWith("DeleteSnapshotFailure from ", Assert.Single(await watch.SeenAsync()), StringComparison.Ordinal);
    }

    private sealed class Careless : IDeadLetterSuppression;
}
