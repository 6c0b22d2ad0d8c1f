using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Perf.Specs;

/// <summary>Workflows by their shape, each with what it must give.</summary>
internal static class Shapes
{
    /// <summary>What <see cref="CrossLinked"/> gives.</summary>
    public const string CrossLinkedOutput =
        """{"join":{"d":{"l":"a","r":"b"},"e":{"l":"b","r":"c"},"f":{"l":"c","r":"a"}}}""";

    /// <summary>Three tasks, three more that take two of them each, and their join.</summary>
    public static WorkflowDefinition CrossLinked() => new()
    {
        Name = "cross-linked",
        Tasks = [First("a"), First("b"), First("c"), Second("d", "a", "b"), Second("e", "b", "c"), Second("f", "c", "a"),
            Echo("join", new { d = "${{ tasks.d.output }}", e = "${{ tasks.e.output }}", f = "${{ tasks.f.output }}" }, "d", "e", "f")],
    };

    /// <summary>A task, branches that take its output, and their join.</summary>
    public static WorkflowDefinition Fan(int branches)
    {
        var all = Enumerable.Range(0, branches).Select(branch => $"b{branch}").ToArray();
        return new()
        {
            Name = $"fan-{branches}",
            Tasks =
            [
                Echo("start", new { n = 7 }),
                .. all.Select((id, branch) => Echo(id, new { n = "${{ tasks.start.output.n }}", branch }, "start")),
                Echo("join", new { first = "${{ tasks.b0.output }}", last = $"${{{{ tasks.{all[^1]}.output }}}}" }, all),
            ],
        };
    }

    /// <summary>What <see cref="Fan"/> gives.</summary>
    public static string FanOutput(int branches) =>
        string.Create(CultureInfo.InvariantCulture, $$$$"""{"join":{"first":{"n":7,"branch":0},"last":{"n":7,"branch":{{{{branches - 1}}}}}}}""");

    /// <summary>A choice between two tasks by the number <c>n</c> of the input: over 10 is large.</summary>
    public static WorkflowDefinition Conditional() => new()
    {
        Name = "conditional",
        Tasks =
        [
            Echo("measure", new { n = "${{ input.n }}" }),
            new() { Id = "size", Needs = [Need.Parse("measure")], Kind = new TaskKind.Switch([new("large", "tasks.measure.output.n > 10"), new("small", null)]) },
            Echo("large", new { size = "${{ tasks.size.output }}" }, "size.large"),
            Echo("small", new { size = "${{ tasks.size.output }}" }, "size.small"),
            Echo("done", new { size = "${{ tasks.size.output }}" }, "large", "small"),
        ],
    };

    /// <summary>What <see cref="Conditional"/> gives.</summary>
    public static string ConditionalOutput(string size) => $$$"""{"done":{"size":"{{{size}}}"}}""";

    /// <summary>A handler in a loop, told which iteration it is.</summary>
    public static WorkflowDefinition Repeated(int times) => new()
    {
        Name = $"repeated-{times}",
        Tasks = [Echo("loop", new { n = "${{ iteration }}" }) with { Repeat = new($"iteration < {times - 1}", false, times) }],
    };

    /// <summary>What <see cref="Repeated"/> gives: its last iteration.</summary>
    public static string RepeatedOutput(int times) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"loop":{"n":{{{times - 1}}}}}""");

    private static TaskDefinition First(string id) => Echo(id, new { n = id });

    private static TaskDefinition Second(string id, string left, string right) =>
        Echo(id, new { l = $"${{{{ tasks.{left}.output.n }}}}", r = $"${{{{ tasks.{right}.output.n }}}}" }, left, right);

    private static TaskDefinition Echo<T>(string id, T with, params string[] needs) =>
        new() { Id = id, Kind = new TaskKind.Uses("echo", Payload.From(with)), Needs = [.. needs.Select(Need.Parse)] };
}
