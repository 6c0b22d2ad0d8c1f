using ActorFlow.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    [Theory]
    [InlineData("Echo", "false", "http sleep")]
    [InlineData("Sleep", "false", "echo http")]
    [InlineData("Http", "false", "echo sleep")]
    [InlineData("Process:Enabled", "true", "echo http process sleep")]
    public void A_configuration_says_which_are_offered(string key, string value, string names)
    {
        var services = new ServiceCollection().AddBuiltInTasks(Configured(key, value));
        using var provider = services.BuildServiceProvider();

        Assert.Equal(names, string.Join(' ', provider.GetServices<TaskRegistration>().Select(task => task.Name).Order(StringComparer.Ordinal)));
        Assert.Equal("ActorFlow:Tasks", provider.GetRequiredService<OptionsSection>().Path);
    }

    [Fact]
    public void A_configuration_says_how_commands_run()
    {
        ProcessTaskOptions? process = null;
        new ServiceCollection().AddBuiltInTasks(
            new ConfigurationBuilder().AddInMemoryCollection([new("My:Process:Directory", "/srv"), new("My:Process:Home", "/home")]).Build().GetSection("My"),
            options => process = options.Process);

        Assert.Equal(("/srv", "/home"), (process!.Directory, process.Home));
    }

    [Theory]
    [InlineData("Ehco", "true", "ActorFlow:Tasks:Ehco is not known; did you mean ActorFlow:Tasks:Echo?")]
    [InlineData("Proces:Enabled", "true", "ActorFlow:Tasks:Proces is not known; did you mean ActorFlow:Tasks:Process?")]
    [InlineData("Process:Enable", "true", "ActorFlow:Tasks:Process:Enable is not known; did you mean ActorFlow:Tasks:Process:Enabled?")]
    [InlineData("Http", "on", "ActorFlow:Tasks:Http must be true or false; it is 'on'.")]
    public void A_configuration_that_is_wrong_is_refused_in_one_line(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddBuiltInTasks(Configured(key, value))).Message);

    private static IConfigurationRoot Configured(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new($"{BuiltInTasks.Section}:{key}", value)]).Build();

    private static IEnumerable<string> Names(BuiltInTaskOptions? options)
    {
        using var provider = Services(options).BuildServiceProvider();
        return [.. provider.GetServices<TaskRegistration>().Select(task => task.Name).Order(StringComparer.Ordinal)];
    }

    private static IServiceCollection Services(BuiltInTaskOptions? options) =>
        options is null ? new ServiceCollection().AddBuiltInTasks() : new ServiceCollection().AddBuiltInTasks(options);
}
