using NBench;
using NBench.Sdk;

namespace ActorFlow.NBench.Tests;

public sealed class DiscoveryTests
{
    [Fact]
    public void A_spec_is_named_after_its_class_and_method() =>
        Assert.Equal($"ActorFlow.NBench.Tests.DiscoveryTests+{nameof(Derived)}+{nameof(Parent.Inherited)}", Running.Spec<Derived>().Only.BenchmarkName);

    [Fact]
    public void Specs_setup_and_cleanup_are_inherited()
    {
        Recorded<Parent>.Clear();
        Running.Spec<Derived>();

        Assert.Equal(["setup", "run", "cleanup"], Recorded<Parent>.All.Take(3));
    }

    [Fact]
    public void Abstract_classes_and_interfaces_are_no_specs()
    {
        var found = SpecMethod.Find(typeof(DiscoveryTests).Assembly).Select(spec => spec.Type).ToList();

        Assert.Contains(typeof(Derived), found);
        Assert.DoesNotContain(typeof(Parent), found);
        Assert.DoesNotContain(typeof(ISpec), found);
    }

    [Fact]
    public void Methods_that_are_not_public_are_no_specs() =>
        Assert.Equal([nameof(Hiding.Shown)], SpecMethod.Find(typeof(Hiding)).Select(spec => spec.Body.Name));

    [Theory]
    [InlineData(typeof(TwoSetups<int>), "PerfSetup")]
    [InlineData(typeof(TwoCleanups<int>), "PerfCleanup")]
    public void Two_setups_or_two_cleanups_are_one_too_many(Type type, string attribute)
    {
        var error = Assert.Throws<NBenchException>(() => SpecMethod.Find(type).ToList());

        Assert.Contains(attribute, error.Message);
    }

    [Theory]
    [InlineData(nameof(Unbindable.ReturnsTask))]
    [InlineData(nameof(Unbindable.TakesNumber))]
    [InlineData(nameof(Unbindable.TakesTwo))]
    public void Only_void_methods_with_nothing_or_a_context_can_be_bound(string method)
    {
        var ran = Running.Spec<Unbindable>(method);

        Assert.Contains("Cannot bind", Assert.IsType<NBenchException>(Assert.Single(ran.Only.Data.Exceptions)).Message);
    }

    [Fact]
    public void Setup_body_and_cleanup_may_take_the_same_context()
    {
        Recorded<Contexts>.Clear();
        var ran = Running.Spec<Contexts>();

        Assert.False(ran.Only.Data.IsFaulted);
        Assert.Equal(3, Recorded<Contexts>.Count("1"));
    }

    [Fact]
    public void A_skipped_spec_does_not_run()
    {
        var ran = Running.Spec<Left>(nameof(Left.Skipped));

        Assert.Empty(ran.Result.FullResults);
        Assert.True(ran.Result.AllTestsPassed);
        Assert.StartsWith("skip ", Assert.Single(ran.Output.Specs));
        Assert.Contains("not today", Assert.Single(ran.Output.Warnings));
    }

    [Fact]
    public void A_spec_that_measures_nothing_is_skipped_with_a_warning()
    {
        var ran = Running.Spec<Left>(nameof(Left.Unmeasured));

        Assert.Equal(0, ran.Result.ExecutedTestsCount);
        Assert.Contains("measures nothing", Assert.Single(ran.Output.Warnings));
    }

    [Fact]
    public void A_class_without_a_public_constructor_faults() =>
        Assert.True(Running.Spec<Sealed>().Only.Data.IsFaulted);

    internal interface ISpec
    {
        [PerfBenchmark]
        [TimingMeasurement]
        void Run();
    }

    internal abstract class Parent
    {
        [PerfSetup]
        public void SetUp() => Recorded<Parent>.Add("setup");

        [PerfBenchmark(NumberOfIterations = 1)]
        [TimingMeasurement]
        public void Inherited() => Recorded<Parent>.Add("run");

        [PerfCleanup]
        public void CleanUp() => Recorded<Parent>.Add("cleanup");
    }

    internal sealed class Derived : Parent;

    internal sealed class Hiding
    {
        [PerfBenchmark]
        [TimingMeasurement]
        public void Shown() => Hidden();

        [PerfBenchmark]
        [TimingMeasurement]
        internal void Hidden() => Recorded<Hiding>.Add("run");
    }

    // Generic, so that the discovery of this whole assembly does not meet it.
    internal sealed class TwoSetups<T>
    {
        [PerfSetup]
        public void One() => Recorded<T>.Add("one");

        [PerfSetup]
        public void Two() => Recorded<T>.Add("two");

        [PerfBenchmark]
        [TimingMeasurement]
        public void Run() => Recorded<T>.Add("run");
    }

    internal sealed class TwoCleanups<T>
    {
        [PerfCleanup]
        public void One() => Recorded<T>.Add("one");

        [PerfCleanup]
        public void Two() => Recorded<T>.Add("two");

        [PerfBenchmark]
        [TimingMeasurement]
        public void Run() => Recorded<T>.Add("run");
    }

    internal sealed class Unbindable
    {
        [PerfBenchmark]
        [TimingMeasurement]
        public Task ReturnsTask() => Task.CompletedTask;

        [PerfBenchmark]
        [TimingMeasurement]
        public void TakesNumber(int number) => Recorded<Unbindable>.Add($"{number}");

        [PerfBenchmark]
        [TimingMeasurement]
        public void TakesTwo(BenchmarkContext one, BenchmarkContext two) => Recorded<Unbindable>.Add($"{one}{two}");
    }

    internal sealed class Contexts
    {
        [PerfSetup]
        public void SetUp(BenchmarkContext context) => context.GetCounter("calls").Increment();

        [PerfBenchmark(NumberOfIterations = 1)]
        [CounterMeasurement("calls")]
        public void Run(BenchmarkContext context) => Recorded<Contexts>.Add($"{context.GetCounter("calls").Current}");

        [PerfCleanup]
        public void CleanUp(BenchmarkContext context) => context.GetCounter("calls").Decrement();
    }

    internal sealed class Left
    {
        [PerfBenchmark(Skip = "not today")]
        [TimingMeasurement]
        public void Skipped() => throw new InvalidOperationException();

        [PerfBenchmark]
        public void Unmeasured() => throw new InvalidOperationException();
    }

    internal sealed class Sealed
    {
        private Sealed()
        {
        }

        [PerfBenchmark]
        [TimingMeasurement]
        public void Run() => Recorded<Sealed>.Add("run");
    }
}
