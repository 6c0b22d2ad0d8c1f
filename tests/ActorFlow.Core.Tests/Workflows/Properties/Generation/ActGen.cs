using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>Makes what people do to a run: at any moment, most of them while it works, some long after it must have ended.</summary>
internal static class ActGen
{
    private const int Most = 6;

    public static IReadOnlyList<SteeringAct> Make(Choice choice, RunCase @case)
    {
        var moments = Enumerable.Range(0, 1 + choice.Below(Most)).Select(_ => Moment(choice, @case)).Order().ToList();
        return [.. moments.Select((at, number) => Act(choice, @case.Definition, at, number))];
    }

    private static DateTimeOffset Moment(Choice choice, RunCase @case) => choice.Below(12) switch
    {
        < 4 => World.Start + choice.About(1.5),
        < 7 => World.Start + choice.About(8),
        7 or 8 when @case.Interruption != Interruption.None => @case.InterruptedAt + choice.About(0.7),
        9 when @case.PausedAt < @case.ResumedAt => @case.PausedAt + choice.About(1),
        _ => World.Start + TimeSpan.FromSeconds(30) + choice.About(60),
    };

    private static SteeringAct Act(Choice choice, WorkflowDefinition definition, DateTimeOffset at, int number) => choice.Below(11) switch
    {
        < 3 => new SteeringAct.Checkpoint(at, choice.Below(12) switch { 0 => string.Empty, 1 => "again", _ => $"c{number.ToString(CultureInfo.InvariantCulture)}" }),
        < 6 => new SteeringAct.Rewind(at, choice.Below(12)),
        < 10 => new SteeringAct.Retry(at, choice.Chance(50) ? null : From(choice, definition)),
        _ => new SteeringAct.Fork(at, choice.Below(12), choice.Chance(50) ? CaseGen.InputOf(choice) : null),
    };

    private static string From(Choice choice, WorkflowDefinition definition) =>
        choice.Chance(20) ? "nobody" : choice.Pick<string>([.. definition.Tasks.Select(task => task.Id)]);
}
