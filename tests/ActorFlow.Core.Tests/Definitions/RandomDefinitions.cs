using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using CsCheck;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Random definitions that are valid: tasks need only tasks before them, and expressions name only their needs.</summary>
internal static class RandomDefinitions
{
    private static readonly Gen<string> Id = Gen.Char["abcXYZ_"].SelectMany(first => Gen.String[Gen.Char["az09_-"], 0, 6].Select(rest => first + rest));

    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab \"'\\\n\t:#-{}[]&*!|>%@`,?\u00e9\u4e2d\u2028<"], 0, 12];

    private static readonly Gen<TimeSpan> Positive = Gen.Long[1, TimeSpan.TicksPerDay * 400].Select(TimeSpan.FromTicks);

    private static readonly Gen<Payload> Scalar = Gen.OneOf(
        Text.Select(Payload.FromString),
        Gen.Long.Select(number => Payload.From(number)),
        Gen.Double[-1e6, 1e6].Select(number => Payload.From(number)),
        Gen.Const(Payload.Parse("true")),
        Gen.Const(Payload.Null),
        Gen.Const(Payload.Parse("[]")),
        Gen.Const(Payload.FromString("${{ input.a }} and ${{ [1, '}}'] }}")));

    private static readonly Gen<Payload> Data = Gen.Recursive<Payload>((depth, inner) => depth > 3
        ? Scalar
        : Gen.Frequency(
            (2, Scalar),
            (1, inner.Array[0, 3].Select(items => Payload.Parse($"[{string.Join(',', items.AsEnumerable())}]"))),
            (1, Gen.Select(Id.HashSet[0, 3], inner.Array[3]).Select((keys, values) => Object(keys, values)))));

    private static readonly Gen<Payload> Object3 = Gen.Select(Id.HashSet[0, 3], Data.Array[3]).Select((keys, values) => Object(keys, values));

    // Whichever of the two stands in the defaults, the first wait is not longer than the longest.
    private static readonly Gen<TimeSpan> FirstWait = Gen.Long[1, TimeSpan.TicksPerDay * 100].Select(TimeSpan.FromTicks);
    private static readonly Gen<TimeSpan> LongestWait = Gen.Long[TimeSpan.TicksPerDay * 100, TimeSpan.TicksPerDay * 400].Select(TimeSpan.FromTicks);

    private static readonly Gen<RetryDefinition> Retry = Gen.Select(
        Gen.Int[1, 9].Nullable(), FirstWait.Nullable(), LongestWait.Nullable(), Gen.Double[1, 5].Nullable(), Gen.Double[0, 1].Nullable(), Id.Array[0, 2].Null())
        .Select((attempts, initial, max, factor, jitter, types) => new RetryDefinition
        {
            MaxAttempts = attempts,
            Initial = initial,
            Max = max,
            Factor = factor,
            Jitter = jitter,
            Backoff = attempts is null ? null : (Backoff)(attempts % 3),
            NonRetryable = types is null ? null : [.. types],
        });

    private static readonly Gen<TaskDefaults> Defaults = Gen.Select(Positive.Nullable(), Positive.Nullable(), Retry.Null(), Id.Null(), Gen.Int[0, 9].Nullable())
        .Select((timeout, heartbeat, retry, queue, priority) => new TaskDefaults { Timeout = timeout, Heartbeat = heartbeat, Retry = retry, Queue = queue, Priority = priority });

    /// <summary>Valid definitions of up to a dozen tasks with groups.</summary>
    public static readonly Gen<WorkflowDefinition> Valid = Gen.Select(
        Tasks(depth: 0), Defaults, Text.Null(), Positive.Nullable(), Gen.Int[1, 200], Data.Null(), Gen.Bool, Positive.Nullable())
        .Select((tasks, defaults, description, timeout, every, output, compensates, interval) => new WorkflowDefinition
        {
            Name = "random-1",
            Version = every,
            Description = description,
            Defaults = defaults,
            Timeout = timeout,
            CheckpointEvery = every,
            CheckpointInterval = interval,
            CheckpointKeep = compensates ? ((every - 1) / 2) + 1 : WorkflowDefinition.DefaultCheckpointKeep,
            OnFailure = compensates ? FailurePolicy.Compensate : FailurePolicy.Fail,
            InputSchema = compensates ? Payload.Parse("""{"type":"object","properties":{"a":{"$ref":"#"}}}""") : null,
            Tasks = tasks,
            Output = output,
        });

    private static Gen<ImmutableArray<TaskDefinition>> Tasks(int depth) =>
        Id.HashSet[1, 5].SelectMany(ids => Gen.Select(Task(depth).Array[ids.Count], Gen.Int[0, 31].Array[ids.Count])
            .Select((tasks, edges) => ImmutableArray.CreateRange(ids.Select((id, index) => Connect(tasks[index], id, [.. ids.Take(index)], edges[index], tasks)))));

    private static TaskDefinition Connect(TaskDefinition task, string id, string[] before, int edges, TaskDefinition[] all)
    {
        var needs = before.Where((_, i) => (edges & (1 << i)) != 0)
            .Select(need => new Need(need, all[Array.IndexOf(before, need)].Kind is TaskKind.Switch { Cases: [var first, ..] } && edges % 2 == 0 ? first.Label : null))
            .ToImmutableArray();
        var condition = needs.IsEmpty ? "input.go" : $"${{{{ tasks['{needs[0].Task}'].status == 'completed' }}}}";
        return task with { Id = id, Needs = needs, Join = needs.IsEmpty ? Join.All : new(edges % (needs.Length + 1)), If = edges % 3 == 0 ? condition : null };
    }

    private static Gen<TaskDefinition> Task(int depth)
    {
        var kinds = new List<Gen<TaskDefinition>>
        {
            Gen.Select(Id, Data, Retry.Null(), Positive.Nullable(), Gen.Int[0, 9].Nullable(), Gen.Bool).Select((handler, with, retry, time, priority, undo) => new TaskDefinition
            {
                Id = "",
                Kind = new TaskKind.Uses(handler, with),
                Retry = retry,
                Timeout = time,
                Deadline = undo ? time : null,
                Priority = priority,
                Queue = undo ? handler : null,
                Compensate = undo ? new(handler, with) : null,
            }),
            Object3.Select(values => new TaskDefinition { Id = "", Kind = new TaskKind.Set(values) }),
            Gen.OneOf(new[] { "5m", "2026-03-01T00:00:00Z", "${{ input.wait }}", "0" }.Select(Gen.Const).ToArray()).Select(text => new TaskDefinition { Id = "", Kind = new TaskKind.Delay(text) }),
            Text.Select(message => new TaskDefinition { Id = "", Kind = new TaskKind.Fail(message) }),
            Id.HashSet[1, 3].Select(labels => new TaskDefinition { Id = "", Kind = new TaskKind.Switch([.. labels.Select((label, i) => new SwitchCase(label, i < labels.Count - 1 ? "input.a" : null))]) }),
            RandomWaits.Any(Id, Text, Data, Positive),
        };
        if (depth < 2)
        {
            kinds.Add(Gen.Select(Gen.Const(0).SelectMany(_ => Tasks(depth + 1)), Data.Null()).Select((tasks, output) => new TaskDefinition { Id = "", Kind = new TaskKind.Group(tasks, output) }));
        }

        return Gen.Select(Gen.OneOf(kinds.ToArray()), Text.Null(), Gen.Int[0, 15], Data.Array[0, 2], Positive).Select((task, title, bits, items, delay) =>
        {
            var canLoop = task.Kind is not (TaskKind.Switch or TaskKind.Fail);
            return task with
            {
                Title = title,
                ForEach = canLoop && bits % 2 == 0 ? Payload.Parse($"[{string.Join(',', items.AsEnumerable())}]") : null,
                MaxParallel = canLoop && bits % 4 == 0 ? bits + 1 : null,
                Repeat = canLoop && bits % 3 == 0 ? new("iteration < 3", bits > 7, bits == 0 ? 1000 : bits, bits > 9 ? delay : null) : null,
                OnError = bits > 5 ? ErrorPolicy.Continue : ErrorPolicy.Fail,
                Checkpoint = bits == 1,
            };
        });
    }

    private static Payload Object(IEnumerable<string> keys, Payload[] values) =>
        Payload.Parse($"{{{string.Join(',', keys.Select((key, i) => $"{Payload.FromString(key)}:{values[i]}"))}}}");
}
