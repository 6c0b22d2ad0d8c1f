using System.Text;
using System.Text.Json.Nodes;
using ActorFlow.Configuration;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Hosting;
using Akka.Actor;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Tests.Hosting;

/// <summary>A node is configured by a file, or by variables of the environment: each key once right, once wrong, once misspelt.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly List<string> _variables = [];

    public enum Source
    {
        Json,
        Environment,
    }

    public static TheoryData<Source, string> Keys
    {
        get
        {
            var data = new TheoryData<Source, string>();
            foreach (var setting in Setting.All)
            {
                data.Add(Source.Json, setting.Key);
                data.Add(Source.Environment, setting.Key);
            }

            return data;
        }
    }

    private string DataDirectory => Path.Combine(_directory.Path, "data");

    public void Dispose()
    {
        _variables.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        _directory.Dispose();
    }

    [Fact]
    public void Every_key_is_tested() =>
        Assert.Equal(
            Setting.KeysOf(typeof(ActorFlowOptions)).Order(),
            Setting.All.Select(setting => setting.Key.Replace("Slots:default", "Slots", StringComparison.Ordinal)).Order());

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_right_value_is_read(Source source, string key)
    {
        var setting = Of(key);
        var services = new ServiceCollection();
        services.AddActorFlow(From(source, [(setting.Key, setting.Right), .. setting.Needs]));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<ActorFlowOptions>();

        Assert.Equal(setting.Expected, setting.Value(options));
        Assert.NotEqual(setting.Expected, setting.Value(new()));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_wrong_value_stops_the_start_in_one_line_before_anything_is_opened(Source source, string key)
    {
        foreach (var (text, says) in Of(key).Wrong)
        {
            var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(From(source, [(key, text)])));

            Assert.Single(error.Failures, line => line.StartsWith($"ActorFlow:{key}{says}", StringComparison.Ordinal));
            Assert.DoesNotContain('\n', string.Concat(error.Failures));
            Assert.DoesNotContain("Password", error.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(DataDirectory));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_misspelt_key_stops_the_start_and_the_known_one_is_named(Source source, string key)
    {
        // The names of queues are free.
        var (known, rest) = key == "Worker:Slots:default" ? ("Worker:Slots", ":default") : (key, "");
        var misspelt = known[..^2] + known[^1] + known[^2];

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(From(source, [(misspelt + rest, Of(key).Right)])));

        Assert.Equal([$"ActorFlow:{misspelt} is not known; did you mean ActorFlow:{known}?"], error.Failures);
        Assert.False(Directory.Exists(DataDirectory));
    }

    [Fact]
    public async Task A_host_starts_from_a_file_that_sets_everything()
    {
        var port = LoopbackPort.Free();
        using var host = await StartAsync(Json($$"""
            { "ActorFlow": {
                "Cluster": { "SystemName": "flows", "Host": "127.0.0.1", "Port": {{port}}, "Roles": ["workflow", "worker", "api"],
                             "SeedNodes": ["akka.tcp://flows@127.0.0.1:{{port}}"], "RememberRuns": false },
                "Persistence": { "DataDirectory": "{{DataDirectory}}", "Journal": "stock", "ConnectionString": "", "Writers": 3,
                                 "Synchronous": "Normal", "CallTimeout": "30s", "RetryWindow": "20s" },
                "Worker": { "Slots": { "default": 2, "gpu": 1 }, "Grace": "1s", "InventoryInterval": "1s", "PayloadLimit": 1000,
                            "MessageLimit": 200, "UnacknowledgedLimit": 5, "UnacknowledgedBytes": 6000 },
                "Queues": { "Capacity": 7, "CapacityPerKey": 6, "UnroutableCapacity": 5, "WaitPerLevel": "1s", "Grace": "2s",
                            "Backstop": "3s", "HostReturn": "4s", "InventoryWait": "5s" },
                "Retention": "7d", "PassivateAfter": "00:00:05", "Index": { "WakeUpInterval": "2s", "PurgeInterval": "3s" },
                "Hocon": "akka.coordinated-shutdown.run-by-clr-shutdown-hook = off" } }
            """));
        var options = host.Services.GetRequiredService<ActorFlowOptions>();
        var system = host.Services.GetRequiredService<ActorSystem>();

        Assert.Equal($"akka.tcp://flows@127.0.0.1:{port}", Akka.Cluster.Cluster.Get(system).SelfAddress.ToString());
        Assert.Equal(["api", "worker", "workflow"], Akka.Cluster.Cluster.Get(system).SelfRoles.Where(role => !role.StartsWith("dc", StringComparison.Ordinal)).Order());
        Assert.Equal((2, 1, 2), (options.Worker.Slots["default"], options.Worker.Slots["gpu"], options.Worker.Slots.Count));
        Assert.Equal((JournalKind.Stock, TimeSpan.FromDays(7)), (options.Persistence.Journal, options.Retention));
        Assert.True(Directory.Exists(DataDirectory));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_starts_from_variables_in_any_case_and_code_has_the_last_word()
    {
        Set("ACTORFLOW__CLUSTER__ROLES__0", "workflow");
        Set("ACTORFLOW__PERSISTENCE__JOURNAL", "MEMORY");
        Set("ACTORFLOW__Worker__Slots__gpu", "5");
        Set("ACTORFLOW__RETENTION", "2d");
        Set("ACTORFLOW_POSTGRES_OF_SOMEBODY", "is none of our settings");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddActorFlow(builder.Configuration, options => options.Retention += TimeSpan.FromDays(1));
        using var host = builder.Build();
        await host.StartAsync();
        var options = host.Services.GetRequiredService<IOptions<ActorFlowOptions>>().Value;
        var roles = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>()).SelfRoles;
        await host.StopAsync();

        Assert.Contains("workflow", roles);
        Assert.DoesNotContain("worker", roles);
        Assert.Equal([KeyValuePair.Create("gpu", 5)], options.Worker.Slots);
        Assert.Equal((JournalKind.Memory, TimeSpan.FromDays(3)), (options.Persistence.Journal, options.Retention));
    }

    [Fact]
    public void A_variable_replaces_a_list_of_a_file_as_a_text_and_one_element_of_it_by_its_number()
    {
        Set("ACTORFLOW__Cluster__Roles", "worker");
        Set("ACTORFLOW__Cluster__SeedNodes__0", "akka.tcp://a@b:3");
        var file = """{ "ActorFlow": { "Cluster": { "Roles": ["workflow", "worker"], "SeedNodes": ["akka.tcp://a@b:1", "akka.tcp://a@b:2"] } } }""";
        var configuration = new ConfigurationBuilder().AddConfiguration(Json(file)).AddEnvironmentVariables().Build();
        var services = new ServiceCollection();
        services.AddActorFlow(configuration.GetSection("ActorFlow"));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<ActorFlowOptions>().Cluster;

        Assert.Equal(["worker"], options.Roles);
        Assert.Equal(["akka.tcp://a@b:3", "akka.tcp://a@b:2"], options.SeedNodes);
    }

    [Theory]
    [InlineData("ActorFlow", "Journal is ActorFlow, and nothing here knows SQLite: reference ActorFlow.Persistence.Sqlite and call UseSqlite().")]
    [InlineData("Postgres", "Journal is Postgres, and nothing here knows PostgreSQL: reference ActorFlow.Persistence.Postgres and call UsePostgres().")]
    public async Task A_journal_whose_store_was_not_added_stops_the_start(string journal, string says)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorFlow(From(
            Source.Json, [("Persistence:Journal", journal), ("Persistence:ConnectionString", journal == "Postgres" ? "Host=h" : "")]));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal($"ActorFlow:Persistence:{says}", error.Message);
        Assert.False(Directory.Exists(DataDirectory));
    }

    [Fact]
    public async Task A_section_that_nobody_reads_stops_the_start_and_one_that_somebody_reads_does_not()
    {
        var configuration = Json("""{ "ActorFlow": { "Tasks": { "Process": { "Enabled": true } }, "Clutser": { "Port": 1 } } }""");

        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(configuration, services => services.AddSingleton(new OptionsSection("actorflow:tasks"))));

        Assert.Equal(["ActorFlow:Clutser is not known; did you mean ActorFlow:Cluster?"], error.Failures);
        Assert.False(Directory.Exists(DataDirectory));
    }

    [Fact]
    public void A_section_of_another_name_is_named_by_its_own()
    {
        var configuration = Json("""{ "My": { "Node": { "Cluster": { "Port": -1 } } } }""");

        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddActorFlow(configuration.GetSection("My:Node")));

        Assert.Equal("My:Node:Cluster:Port must lie between 0 and 65535; it is -1.", error.Message);
    }

    [Fact]
    public void The_binder_of_NET_can_bind_the_options_as_well()
    {
        var bound = Json("""{ "Cluster": { "Roles": ["api"] }, "Worker": { "Slots": { "gpu": 3 }, "Grace": "00:00:05" }, "Retention": "7.00:00:00" }""")
            .Get<ActorFlowOptions>()!;

        Assert.Contains("api", bound.Cluster.Roles);
        Assert.Equal((3, TimeSpan.FromSeconds(5), TimeSpan.FromDays(7)), (bound.Worker.Slots["gpu"], bound.Worker.Grace, bound.Retention));
    }

    private static Setting Of(string key) => Setting.All.Single(setting => setting.Key == key);

    private async Task<IHost> StartAsync(IConfiguration configuration, Action<IServiceCollection>? add = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add?.Invoke(builder.Services);
        builder.Services.AddActorFlow(configuration).UseSqlite();
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The settings alone, and the data directory of the test.</summary>
    private IConfiguration From(Source source, (string Key, string Text)[] settings)
    {
        var all = settings.Any(setting => setting.Key == "Persistence:DataDirectory") ? settings : [("Persistence:DataDirectory", DataDirectory), .. settings];
        if (source == Source.Environment)
        {
            foreach (var (key, text) in all)
            {
                Set($"ACTORFLOW__{key.Replace(":", "__", StringComparison.Ordinal)}", text);
            }

            return new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("ActorFlow");
        }

        var root = new JsonObject();
        foreach (var (key, text) in all)
        {
            var at = root;
            string[] words = ["ActorFlow", .. key.Split(':')];
            foreach (var word in words[..^1])
            {
                at = (JsonObject)(at[word] ??= new JsonObject());
            }

            at[words[^1]] = text;
        }

        return Json(root.ToJsonString()).GetSection("ActorFlow");
    }

    private void Set(string variable, string text)
    {
        _variables.Add(variable);
        Environment.SetEnvironmentVariable(variable, text);
    }

    private static IConfigurationRoot Json(string json)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return new ConfigurationBuilder().AddJsonStream(file).Build();
    }
}
