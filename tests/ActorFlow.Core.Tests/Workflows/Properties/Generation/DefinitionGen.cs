using System.Collections.Immutable;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>Makes a definition that is valid by construction: it names only what its place allows.</summary>
internal sealed partial class DefinitionGen(Choice choice, Taste taste)
{
    private const int MostExecutions = 40;

    private readonly int _tolerance = choice.Pick(10, 60, 85, 97);

    private int _tasksLeft;

    public WorkflowDefinition Make()
    {
        _tasksLeft = 1 + choice.Below(16);
        var place = new Place();
        var tasks = Tasks(place, Math.Min(_tasksLeft, 1 + choice.Below(9)), depth: 0, executions: 1);
        return new()
        {
            Name = "case",
            Defaults = Defaults(),
            Timeout = !taste.IsTimeless && choice.Chance(taste.IsSteered ? 25 : 12) ? choice.About(15) : null,
            MaxParallel = choice.Chance(25) ? 1 + choice.Below(4) : null,
            OnFailure = !taste.IsTimeless && choice.Chance(taste.IsRetried ? 5 : 50) ? FailurePolicy.Compensate : FailurePolicy.Fail,
            Tasks = tasks,
            Output = choice.Chance(60) ? Output(place) : null,
        };
    }

    private TaskDefaults Defaults() => !choice.Chance(40) ? TaskDefaults.None : new()
    {
        Timeout = !taste.IsTimeless && choice.Chance(20) ? choice.About(8) : null,
        Deadline = !taste.IsTimeless && choice.Chance(10) ? choice.About(15) : null,
        Retry = choice.Chance(60) ? Retry() : null,
        Priority = choice.Chance(20) ? choice.Below(10) : null,
    };

    private RetryDefinition Retry() => new()
    {
        MaxAttempts = choice.Chance(90) ? 2 + choice.Below(3) : null,
        Backoff = choice.Chance(60) ? choice.Pick(Backoff.Exponential, Backoff.Linear, Backoff.Constant) : null,
        Initial = choice.Chance(80) ? choice.About(1) : null,
        // Never below a first wait, here or in the defaults: that is refused.
        Max = choice.Chance(30) ? TimeSpan.FromSeconds(2) + choice.About(1) : null,
        Factor = choice.Chance(30) ? 1 + choice.Below(4) / 2.0 : null,
        Jitter = choice.Chance(60) ? 0 : null,
        NonRetryable = choice.Chance(15) ? ["Broken"] : null,
    };

    /// <summary>The tasks of one scope, in file order, which is not the order of their needs.</summary>
    private ImmutableArray<TaskDefinition> Tasks(Place place, int count, int depth, int executions)
    {
        for (var i = 0; i < count; i++)
        {
            place.AddTask(Id(place, depth));
        }

        _tasksLeft -= count;
        var tasks = new List<TaskDefinition>();
        for (var i = 0; i < count; i++)
        {
            tasks.Add(Task(place, i, depth, executions));
        }

        choice.Shuffle(tasks);
        return [.. tasks];
    }

    // Ids of groups often shadow those outside.
    private string Id(Place place, int depth)
    {
        for (var n = 0; ; n++)
        {
            var id = choice.Chance(10) ? $"t-{n}" : $"{(char)('a' + ((n + (choice.Chance(60) ? depth * 4 : 0)) % 26))}{(n > 25 ? n : string.Empty)}";
            if (!place.Has(id))
            {
                return id;
            }
        }
    }

    private TaskDefinition Task(Place place, int index, int depth, int executions)
    {
        var needs = index == 0 ? [] : Needs(place, index);
        place.Connect(index, needs.Select(need => need.Task));
        var around = new Site(place, index, InFanOut: place.InFanOut, InLoop: place.InLoop, SeesItself: false);
        var onceOnly = choice.Chance(15);
        var fansOut = !onceOnly && executions < MostExecutions && choice.Chance(34);
        var loops = !onceOnly && executions < MostExecutions && choice.Chance(28);
        var execution = around with { InFanOut = place.InFanOut || fansOut, InLoop = place.InLoop || loops, SeesItself = loops };
        var id = place.IdOf(index);
        var kind = onceOnly ? OnceOnly(place, index, execution) : Kind(place, index, execution, depth, executions * (fansOut ? 3 : 1) * (loops ? 3 : 1), fansOut, loops);
        place.SetShape(index, fansOut ? Shape.Array : ShapeOf(kind));
        var task = new TaskDefinition
        {
            Id = id,
            Kind = kind,
            Needs = needs,
            Join = Join(needs),
            If = choice.Chance(20) ? Condition(around) : null,
            ForEach = fansOut ? Items(around) : null,
            MaxParallel = fansOut && choice.Chance(40) ? 1 + choice.Below(3) : null,
            Repeat = loops ? Repeat(execution, id) : null,
            OnError = ToleratesFailures() ? ErrorPolicy.Continue : ErrorPolicy.Fail,
            Timeout = TimeoutOf(kind),
            Compensate = choice.Chance(45) ? new("undo." + id, Value(execution with { SeesItself = true }, 1)) : null,
        };
        return kind is TaskKind.Uses ? WithHandlerKeys(task) : task;
    }

    private bool ToleratesFailures() => taste switch
    {
        { IsTimeless: true } => !taste.IsRetried,
        { IsRetried: true } => choice.Chance(Math.Min(_tolerance, 60)),
        _ => choice.Chance(_tolerance),
    };

    private TimeSpan? TimeoutOf(TaskKind kind) => kind switch
    {
        _ when taste.IsTimeless => null,
        TaskKind.Group => choice.Chance(20) ? choice.About(10) : null,
        TaskKind.Ask { Default: not null } => choice.About(4),
        TaskKind.Signal or TaskKind.Ask or TaskKind.Child => choice.Chance(40) ? choice.About(4) : null,
        _ => null,
    };

    private TaskDefinition WithHandlerKeys(TaskDefinition task) => task with
    {
        Timeout = !taste.IsTimeless && choice.Chance(15) ? choice.About(8) : null,
        Deadline = !taste.IsTimeless && choice.Chance(taste.IsSteered ? 30 : 15) ? choice.About(10) : null,
        Retry = choice.Chance(55) ? Retry() : null,
        Priority = choice.Chance(20) ? choice.Below(10) : null,
    };

    private ImmutableArray<Need> Needs(Place place, int index)
    {
        var needs = choice.Some(Enumerable.Range(0, index).ToList(), 3).Select(needed =>
        {
            var cases = place.CasesOf(needed);
            return new Need(place.IdOf(needed), cases.Count > 0 && choice.Chance(70) ? choice.Pick(cases) : null);
        });
        return [.. needs];
    }

    private Join Join(ImmutableArray<Need> needs) =>
        needs.IsEmpty || taste.IsTimeless || choice.Chance(60) ? Core.Definitions.Join.All
        : choice.Chance(50) ? Core.Definitions.Join.Any
        : new(1 + choice.Below(needs.Length));

    private RepeatDefinition Repeat(Site execution, string id)
    {
        var limit = 1 + choice.Below(3);
        var until = choice.Chance(50);
        var ends = choice.Chance(60);
        var condition = ends
            ? until ? $"iteration >= {limit}" : $"iteration < {limit}"
            : choice.Pick(Condition(execution with { SeesItself = true }), $"{Place.Reference(id)}.output?.n > 1", $"{Place.Reference(id)}.output.n < 2");
        TimeSpan? delay = choice.Pick(0, 1, 2) switch
        {
            0 => TimeSpan.Zero,
            1 => choice.About(1),
            _ => null,
        };
        return ends && choice.Chance(50) ? new(condition, until, Delay: delay) : new(condition, until, 1 + choice.Below(4), delay);
    }

    private TaskKind OnceOnly(Place place, int index, Site execution)
    {
        if (!taste.IsTimeless && choice.Chance(20))
        {
            return new TaskKind.Fail(choice.Chance(50) ? "as asked" : $"n is ${{{{ {Number(execution, 1)} }}}}");
        }

        var count = 1 + choice.Below(3);
        var hasDefault = choice.Chance(60);
        var cases = Enumerable.Range(0, count).Select(i => new SwitchCase($"c{i}", hasDefault && i == count - 1 ? null : Condition(execution))).ToImmutableArray();
        place.SetCases(index, [.. cases.Select(option => option.Label)]);
        return new TaskKind.Switch(cases);
    }

    private TaskKind Kind(Place place, int index, Site execution, int depth, int executions, bool fansOut, bool loops)
    {
        var roll = choice.Below(100);
        if (roll < 35 && depth < 3 && _tasksLeft > 0)
        {
            var inner = new Place(place, index, fansOut, loops);
            var tasks = Tasks(inner, 1 + choice.Below(Math.Min(4, _tasksLeft)), depth + 1, executions);
            return new TaskKind.Group(tasks, choice.Chance(50) ? Output(inner) : null);
        }

        return roll switch
        {
            < 66 => new TaskKind.Uses($"do.{place.IdOf(index)}", Value(execution, 2)),
            < 72 => new TaskKind.Set(Object(execution, 2)),
            < 77 => new TaskKind.Delay(Delay(execution)),
            < 85 => Signal(),
            < 93 => Ask(execution),
            _ => Child(execution),
        };
    }

    private static Shape ShapeOf(TaskKind kind) => kind switch
    {
        TaskKind.Uses or TaskKind.Set or TaskKind.Group or TaskKind.Signal or TaskKind.Ask or TaskKind.Child => Shape.Object,
        _ => Shape.Plain,
    };
}
