using System.Diagnostics;
using System.Text;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Large, deep and hostile files: a clear error, and quickly.</summary>
public sealed class DefinitionSizeTests
{
    // Tells a hang from a machine with much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void A_definition_over_1_MiB_is_refused()
    {
        var comment = new string('x', DefinitionLimits.DefinitionBytes);
        AssertError("1:1 too-large", $"{{\"name\":\"x\",\"description\":\"{comment}\",\"tasks\":{{\"a\":{{\"set\":{{}}}}}}}}", "flow.json");
        AssertError("2:14 too-large", $"name: x\ndescription: {comment}\ntasks: {{ a: {{ set: {{}} }} }}");
    }

    [Fact]
    public void A_second_document_has_a_size_of_its_own()
    {
        var half = $"name: {{0}}\ndescription: {new string('x', DefinitionLimits.DefinitionBytes * 2 / 3)}\ntasks: {{ a: {{ set: {{}} }} }}\n";
        Assert.True(DefinitionReader.Read(half.Replace("{0}", "a") + "---\n" + half.Replace("{0}", "b"), "flow.yaml").IsValid);
    }

    [Fact]
    public void A_file_of_100_MB_is_refused_unread()
    {
        var bytes = new byte[100_000_000];
        var clock = Stopwatch.StartNew();
        var problem = Assert.Single(DefinitionReader.Read(bytes, "big.yaml").Errors);
        Assert.Equal("big.yaml:1:1 too-large the file is over 16 MiB", problem.ToString());
        Assert.True(clock.Elapsed < Patience);
    }

    [Fact]
    public void More_than_10_000_tasks_are_refused()
    {
        AssertError("2:1 too-many-tasks", Tasks(DefinitionLimits.Tasks + 1));
        Assert.True(DefinitionReader.Read(Tasks(DefinitionLimits.Tasks), "flow.yaml").IsValid);
    }

    [Fact]
    public void Tasks_in_groups_count()
    {
        var inner = string.Concat(Enumerable.Range(0, DefinitionLimits.Tasks).Select(i => $"    t{i}: {{ set: {{}} }}\n"));
        AssertError("2:1 too-many-tasks", $"name: x\ntasks:\n g:\n   tasks:\n{inner}");
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("[", 10_000_000)]
    [InlineData("{ a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 100_000)]
    [InlineData("[a, ", 100_000)]
    public void Nesting_that_has_no_end_is_refused_quickly(string opening, int times)
    {
        var text = string.Concat(Enumerable.Repeat(opening, times));
        var clock = Stopwatch.StartNew();
        Assert.Equal(DefinitionCodes.TooDeep, Assert.Single(DefinitionReader.Read(text, "deep.yaml").Errors).Code);
        Assert.True(clock.Elapsed < Patience);
    }

    [Fact]
    public void A_value_nests_128_levels_and_no_more()
    {
        // `set` is a level itself.
        string Nested(int levels) => $"{{\"name\":\"x\",\"tasks\":{{\"a\":{{\"set\":{{\"v\":{new string('[', levels)}{new string(']', levels)}}}}}}}}}";
        Assert.True(DefinitionReader.Read(Nested(127), "flow.json").IsValid);
        Assert.True(DefinitionReader.Read(Nested(127), "flow.yaml").IsValid);
        Assert.Equal(DefinitionCodes.TooDeep, Assert.Single(DefinitionReader.Read(Nested(128), "flow.json").Errors).Code);
        Assert.Equal(DefinitionCodes.TooDeep, Assert.Single(DefinitionReader.Read(Nested(128), "flow.yaml").Errors).Code);
        Assert.NotEmpty(DefinitionReader.Read(Nested(100_000), "flow.json").Errors);
    }

    [Fact]
    public void Billion_laughs_are_refused_at_the_first()
    {
        var text = new StringBuilder("name: x\na: &a [lol, lol]\n");
        for (var c = 'b'; c < 'k'; c++)
        {
            text.Append($"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 10))}]\n");
        }

        var errors = DefinitionReader.Read(text + "tasks: { t: { set: *j } }", "laughs.yaml").Errors;
        Assert.Equal((DefinitionCodes.UnknownKey, new SourcePosition(2, 1)), (errors[0].Code, errors[0].Position));
        Assert.Contains(errors, error => error.Code == DefinitionCodes.YamlFeature && error.Position == new SourcePosition(2, 4));
    }

    [Fact]
    public void The_problems_of_a_file_are_told_up_to_a_thousand()
    {
        var text = "name: x\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"k{i}: 1\n")) + "tasks: { a: { set: {} } }";
        var errors = DefinitionReader.Read(text, "flow.yaml").Errors;
        Assert.Equal(DefinitionLimits.Problems, errors.Length);
        Assert.Equal(DefinitionCodes.TooManyProblems, errors[^1].Code);
        Assert.All(errors.SkipLast(1), error => Assert.Equal(DefinitionCodes.UnknownKey, error.Code));
    }

    [Fact]
    public void A_chain_of_10_000_tasks_is_checked_without_running_out_of_stack()
    {
        var text = "name: x\ntasks:\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i =>
            $"  t{i}: {{ set: {{ v: \"${{{{ tasks.t0.status }}}}\" }}{(i == 0 ? "" : $", needs: t{i - 1}")} }}\n")).Replace("t0: { set: { v: \"${{ tasks.t0.status }}\" } }", "t0: { set: {} }");
        Assert.True(OnSmallStack(() => DefinitionReader.Read(text, "chain.yaml").IsValid));
    }

    [Fact]
    public void A_circle_of_10_000_tasks_is_one_error()
    {
        var text = "name: x\ntasks:\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"  t{i}: {{ set: {{}}, needs: t{(i + 9_999) % 10_000} }}\n"));
        var error = Assert.Single(OnSmallStack(() => DefinitionReader.Read(text, "ring.yaml").Errors));
        Assert.Equal(DefinitionCodes.Cycle, error.Code);
        Assert.Contains("t0 -> t9999 -> t9998", error.Message);
    }

    [Fact]
    public void Work_grows_with_the_tasks_and_their_needs_not_with_their_square()
    {
        // Counted in bytes allocated, which a busy machine does not change; 10,000 tasks have 40,000 needs here.
        Allocated(Dense(100));
        var (small, large) = (Allocated(Dense(1_000)), Allocated(Dense(10_000)));
        Assert.True(large < 14 * small, $"{small:N0} bytes for 1,000 tasks, {large:N0} for 10,000");
    }

    private static long Allocated(string yaml)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(DefinitionReader.Read(yaml, "large.yaml").IsValid);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Each task needs four before it, and names one halfway back, which only a search finds upstream.</summary>
    private static string Dense(int count)
    {
        var text = new StringBuilder("name: x\ntasks:\n");
        for (var i = 0; i < count; i++)
        {
            var needs = new[] { i - 1, i - 2, i - 3, i / 3 }.Where(need => need >= 0 && need < i).Distinct().Select(need => $"t{need:00000}");
            text.Append($"  t{i:00000}: {{ set: {{ v: \"${{{{ {(i > 0 ? $"tasks.t{i / 2:00000}.status" : "input.abcdefghijkl")} }}}}\" }}, needs: [{string.Join(", ", needs)}] }}\n");
        }

        return text.ToString();
    }

    private static string Tasks(int count) =>
        "name: x\ntasks:\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"  t{i}: {{ set: {{}} }}\n"));

    private static void AssertError(string expected, string text, string file = "flow.yaml")
    {
        var problem = Assert.Single(DefinitionReader.Read(text, file).Errors);
        Assert.Equal(expected, $"{problem.Position} {problem.Code}");
    }

    private static T OnSmallStack<T>(Func<T> action)
    {
        var (result, failure) = (default(T), (Exception?)null);
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = action();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            maxStackSize: 512 * 1024);
        thread.Start();
        Assert.True(thread.Join(Patience));
        return failure is null ? result! : throw failure;
    }
}
