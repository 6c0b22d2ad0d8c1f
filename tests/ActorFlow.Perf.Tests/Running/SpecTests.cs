using System.Reflection;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Tests.Running;

/// <summary>What holds for every spec of the program.</summary>
public sealed class SpecTests
{
    private static readonly IReadOnlyList<Spec> Specs = Spec.In(typeof(Spec).Assembly);

    public static TheoryData<string> Ids => [.. Specs.Select(spec => spec.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_spec_is_as_its_pattern_says(string id)
    {
        var spec = Specs.Single(spec => spec.Id == id);

        Assert.True(spec.Description.Length > 0, "it has a description");
        Assert.True(spec.Type.IsSubclassOf(typeof(PerfSpec)) && spec.Type.IsSealed && spec.Type.IsVisible, "its class is a sealed, public PerfSpec");
        Assert.True(spec.Method.ReturnType == typeof(void) && spec.Method.GetParameters().Length == 0, "it is void and takes nothing");
        Assert.True(spec.Method.GetCustomAttribute<PerfBenchmarkAttribute>()!.SkipWarmups, "it is warmed by its class");
        Assert.NotEmpty(spec.Bars);
        Assert.All(spec.Bars, bar => Assert.True(double.IsNaN(bar.AtMost) != double.IsNaN(bar.AtLeast), $"the bar of {bar.Metric} has one limit"));
        Assert.All(spec.Bars.Where(bar => bar.Store is not null), bar => Assert.Contains(bar.Store, (string?[])["sqlite", "postgres", "memory"]));
    }

    [Fact]
    public void Every_benchmark_has_an_id() =>
        Assert.Equal(typeof(Spec).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Count(method => method.DeclaringType == method.ReflectedType && method.IsDefined(typeof(PerfBenchmarkAttribute))), Specs.Count);

    [Theory]
    [InlineData("cold", 3)]
    [InlineData("ready", 1)]
    [InlineData("warm", 3)]
    [InlineData("memory", 1)]
    [InlineData("parked", 1)]
    [InlineData("timers", 1)]
    [InlineData("loop", 1)]
    [InlineData("recorded", 11)]
    [InlineData("P1", 3)]
    public void The_words_of_old_still_select(string filter, int atLeast) =>
        Assert.InRange(Specs.Count(spec => new SpecFilter(filter).Matches(spec.Id, spec.Attribute.Group)), atLeast, Specs.Count - 1);

    [Fact]
    public void Specs_of_one_class_run_one_after_the_other_so_that_they_share_a_node()
    {
        var changes = Specs.Zip(Specs.Skip(1), (one, next) => one.Type != next.Type).Count(changed => changed);

        Assert.Equal(Specs.Select(spec => spec.Type).Distinct().Count() - 1, changes);
    }

    [Theory]
    [InlineData("P1-100", true, "workflows/s cpu/1000 allocated/task")]
    [InlineData("P1-100", false, "workflows/s allocated/task")]
    [InlineData("P5", false, "rss after the runs parked")]
    public void There_is_no_bar_on_processor_time_that_is_known_in_part_only(string id, bool known, string bars) =>
        Assert.Equal(bars, string.Join(' ', Specs.Single(spec => spec.Id == id).BarsOn(new GivenServer(known)).Select(bar => bar.Metric)));

    [Fact]
    public async Task A_store_says_when_a_commit_counts()
    {
        foreach (var store in Databases.Stores)
        {
            await using var database = await Databases.OpenAsync(store);

            Assert.Equal(store, database.Store);
            Assert.NotEmpty(database.Durability);
        }
    }

    private sealed class GivenServer(bool known) : IDatabase
    {
        public string Store => "postgres";

        public string Durability => "as given";

        public bool KnowsProcessorTime => known;

        public Task<NodeStorage> CreateAsync() => throw new InvalidOperationException("Nobody asks for it.");

        public TimeSpan ProcessorTime() => TimeSpan.Zero;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
