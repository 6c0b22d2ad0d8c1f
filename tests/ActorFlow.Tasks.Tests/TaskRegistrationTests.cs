using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Tasks.Tests;

public sealed class TaskRegistrationTests
{
    [Fact]
    public void An_instance_is_shared_until_a_copy_makes_its_handlers_otherwise()
    {
        var handler = new Nothing();
        var registration = (TaskRegistration)new ServiceCollection().AddTask("a", handler).Single().ImplementationInstance!;

        Assert.Same(handler, registration.Shared);
        Assert.Same(handler, (registration with { Name = "b" }).Shared);
        Assert.Null((registration with { Create = _ => new Nothing() }).Shared);
    }

    private sealed class Nothing : ITaskHandler
    {
        public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(Payload.Null);
    }
}
