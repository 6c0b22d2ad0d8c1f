using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Tasks.Tests;

public sealed class BuiltInTasksTests
{
    [Fact]
    public void A_worker_offers_all_but_process_unless_told_otherwise() =>
        Assert.Equal(["echo", "http", "sleep"], Names(null));

    [Fact]
    public void Process_is_offered_where_it_is_enabled() =>
        Assert.Equal(["echo", "http", "process", "sleep"], Names(new() { Process = { Enabled = true } }));

    [Fact]
    public void Each_handler_can_be_switched_off() =>
        Assert.Empty(Names(new() { Echo = false, Sleep = false, Http = false }));

    [Fact]
    public void Each_handler_can_be_made_from_a_scope()
    {
        using var provider = Services(new() { Process = { Enabled = true } }).BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        var made = provider.GetServices<TaskRegistration>().Select(task => task.Create(scope.ServiceProvider).GetType());

        Assert.Equal(
            [typeof(EchoHandler), typeof(SleepHandler), typeof(ProcessHandler), typeof(HttpHandler)], made);
    }

    private static IEnumerable<string> Names(BuiltInTaskOptions? options)
    {
        using var provider = Services(options).BuildServiceProvider();
        return [.. provider.GetServices<TaskRegistration>().Select(task => task.Name).Order(StringComparer.Ordinal)];
    }

    private static IServiceCollection Services(BuiltInTaskOptions? options) =>
        new ServiceCollection().AddBuiltInTasks(options);
}
