using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using CsCheck;

namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>What kind of cases to make.</summary>
internal sealed record Taste
{
    public static readonly Taste Anything = new();

    /// <summary>Runs whose result does not depend on what takes how long.</summary>
    public static readonly Taste TimeDoesNotMatter = new() { IsTimeless = true, InterruptionRate = 0 };

    /// <summary>Runs that are cancelled or terminated while they work.</summary>
    public static readonly Taste Interrupted = new() { InterruptionRate = 100 };

    /// <summary>Runs that are taken back, retried and forked, whether that makes sense or not.</summary>
    public static readonly Taste Steered = new() { IsSteered = true, InterruptionRate = 30 };

    /// <summary>Runs whose scopes fail, retried until they complete (or so often that they never will).</summary>
    public static readonly Taste Retried = new() { IsRetried = true, InterruptionRate = 0 };

    /// <summary>The same, where no failure is tolerated and nothing else depends on what takes how long.</summary>
    public static readonly Taste RetriedUntilNothingFailed = new() { IsRetried = true, IsTimeless = true, InterruptionRate = 0 };

    /// <summary>Nothing fails the run, nothing depends on the order of events: no <c>any</c>, no timeouts, no failing scopes.</summary>
    public bool IsTimeless { get; init; }

    public bool IsSteered { get; init; }

    public bool IsRetried { get; init; }

    public int InterruptionRate { get; init; } = 12;
}

/// <summary>Random valid definitions, with a world for each. Smaller definitions count as smaller cases.</summary>
internal sealed class CaseGen(Taste taste) : Gen<RunCase>
{
    private const int Retries = 15;

    public override RunCase Generate(PCG pcg, Size? min, out Size size)
    {
        var choice = new Choice(pcg);
        var definition = new DefinitionGen(choice, taste).Make();
        var world = new World(pcg.Next64(), pcg.Next64(), taste.IsRetried ? choice.Pick(10, 20, 30, 40) : choice.Pick(0, 5, 10, 20, 30)) { IsTimeless = taste.IsTimeless };
        var @case = new RunCase(definition, InputOf(choice), world);
        if (choice.Chance(taste.InterruptionRate))
        {
            @case = @case with
            {
                Interruption = choice.Chance(70) ? Interruption.Cancel : Interruption.Terminate,
                InterruptedAt = World.Start + TimeSpan.FromTicks(1 + (long)pcg.Next64((ulong)TimeSpan.FromSeconds(15).Ticks)),
            };
        }

        if (!taste.IsTimeless && choice.Chance(@case.Interruption == Interruption.None ? taste.IsSteered ? 30 : 12 : 40))
        {
            @case = Paused(@case, choice);
        }

        @case = Placed(@case with { Definition = definition with { Tasks = Checkpoints(definition.Tasks, choice) } }, choice);
        @case = taste.IsSteered ? @case with { Acts = ActGen.Make(choice, @case) } : @case;
        if (taste.IsRetried)
        {
            // Most of them after the run has ended once more.
            @case = @case with { Acts = [.. Enumerable.Range(1, Retries).Select(n => new SteeringAct.Retry(World.Start + TimeSpan.FromMinutes(5 * n), null))] };
        }

        if (taste.IsSteered && @case.Interruption != Interruption.None && choice.Chance(30))
        {
            // Mostly after the run has ended, and was opened again.
            var late = @case.Acts.Select(act => act.At + choice.About(3)).LastOrDefault();
            @case = @case with { InterruptedAt = late > @case.InterruptedAt ? late : @case.InterruptedAt };
        }

        size = new((ulong)DefinitionText.Of(definition).Length);
        return @case;
    }

    private static ImmutableArray<TaskDefinition> Checkpoints(ImmutableArray<TaskDefinition> tasks, Choice choice) =>
    [
        .. tasks.Select(task => task with
        {
            Checkpoint = choice.Chance(20),
            Kind = task.Kind is TaskKind.Group group ? group with { Tasks = Checkpoints(group.Tasks, choice) } : task.Kind,
        }),
    ];

    /// <summary>Some runs stand so deep, or have so long an id, that there is no room for their children.</summary>
    private static RunCase Placed(RunCase @case, Choice choice)
    {
        var hasChildren = RunCase.TasksOf(@case.Definition.Tasks).Any(task => task.Kind is TaskKind.Child);
        return choice.Below(hasChildren ? 10 : 20) switch
        {
            0 => @case with { Depth = choice.Pick(1, 19, 20, 20, 20), IsLeft = choice.Chance(50) },
            1 => @case with { Id = RunCase.WorkflowId + new string('x', 189 + choice.Below(6)) },
            _ => @case,
        };
    }

    /// <summary>A pause; that of a run which is interrupted mostly lasts until then.</summary>
    private static RunCase Paused(RunCase @case, Choice choice)
    {
        var pausedAt = World.Start + choice.About(5);
        return @case.Interruption != Interruption.None && pausedAt < @case.InterruptedAt && choice.Chance(80)
            ? @case with { PausedAt = pausedAt, ResumedAt = @case.InterruptedAt + choice.About(2) }
            : @case with { PausedAt = pausedAt, ResumedAt = pausedAt + choice.About(3) };
    }

    public static Payload InputOf(Choice choice) => Payload.Parse(
        $$"""{"n":{{choice.Below(5)}},"b":{{(choice.Chance(50) ? "true" : "false")}},"xs":[{{string.Join(',', Enumerable.Range(0, choice.Below(5)))}}],"ys":[{"n":1},{"n":2}],"none":[]}""");
}

/// <summary>Choices made with the generator of a property test.</summary>
internal sealed class Choice(PCG pcg)
{
    public int Below(int limit) => (int)pcg.Next((uint)limit);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(params IReadOnlyList<T> options) => options[Below(options.Count)];

    /// <summary>A duration of the given order, to the tick, so that hardly two moments ever coincide.</summary>
    public TimeSpan About(double seconds) => TimeSpan.FromTicks(1 + (long)pcg.Next64((ulong)TimeSpan.FromSeconds(seconds * 2).Ticks));

    public List<T> Some<T>(IReadOnlyList<T> options, int most)
    {
        var rest = options.ToList();
        var chosen = new List<T>();
        for (var left = Below(most + 1); left > 0 && rest.Count > 0; left--)
        {
            var at = Below(rest.Count);
            chosen.Add(rest[at]);
            rest.RemoveAt(at);
        }

        return chosen;
    }

    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
