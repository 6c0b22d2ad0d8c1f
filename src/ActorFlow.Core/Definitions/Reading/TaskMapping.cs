using System.Collections.Immutable;
using System.Globalization;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads the tasks of a scope.</summary>
internal sealed class TaskMapping
{
    internal static readonly string[] Keys =
    [
        .. KindMapping.Kinds, "with", "parent-close", "output", "schema", "title", "needs", "join", "if", "for-each", "max-parallel", "repeat", "timeout",
        "deadline", "heartbeat", "retry", "on-error", "compensate", "queue", "priority", "checkpoint",
    ];

    private readonly ProblemList _problems;
    private readonly KindMapping _kinds;

    public TaskMapping(ProblemList problems)
    {
        _problems = problems;
        _kinds = new(this, problems);
    }

    /// <summary>The tasks in file order; of a repeated id the first.</summary>
    public ImmutableArray<TaskDefinition> ReadAll(SourceMapping mapping)
    {
        var tasks = ImmutableArray.CreateBuilder<TaskDefinition>(mapping.Entries.Count);
        var ids = new HashSet<string>(mapping.Entries.Count, StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (ids.Add(key.Text))
            {
                tasks.Add(Read(key, value));
            }
            else
            {
                _problems.Add(DefinitionCodes.DuplicateId, key, $"the task id {Excerpt.Of(key.Text)} is taken already in this scope");
            }
        }

        return tasks.DrainToImmutable();
    }

    private TaskDefinition Read(SourceScalar id, SourceNode node)
    {
        if (node is not SourceMapping mapping)
        {
            if (!node.IsFaulty)
            {
                _problems.Add(DefinitionCodes.WrongType, node, $"the task {Excerpt.Of(id.Text)} must be a mapping, not {node.Description}");
            }

            return new() { Id = id.Text, Kind = TaskKind.Unreadable.Instance };
        }

        var fields = new MappingFields(mapping, Keys, _problems);
        return new()
        {
            Id = id.Text,
            Title = fields.Text("title"),
            Kind = _kinds.Read(id, fields),
            Needs = ReadNeeds(fields),
            Join = ReadJoin(fields),
            If = fields.Text("if"),
            ForEach = fields.Value("for-each"),
            MaxParallel = fields.Integer("max-parallel"),
            Repeat = PolicyMapping.ReadRepeat(fields, _problems),
            Timeout = fields.Duration("timeout"),
            Deadline = fields.Duration("deadline"),
            Heartbeat = fields.Duration("heartbeat"),
            Retry = PolicyMapping.ReadRetry(fields, _problems),
            OnError = fields.Word("on-error", LanguageWords.ErrorPolicies) ?? ErrorPolicy.Fail,
            Compensate = PolicyMapping.ReadCompensation(fields, _problems),
            Queue = fields.Text("queue"),
            Priority = fields.Integer("priority"),
            Checkpoint = fields.Flag("checkpoint"),
        };
    }

    private static ImmutableArray<Need> ReadNeeds(MappingFields fields)
    {
        if (fields.List("needs", orOne: true) is not { Count: > 0 } items)
        {
            return [];
        }

        var needs = ImmutableArray.CreateBuilder<Need>(items.Count);
        var seen = new HashSet<Need>();
        foreach (var item in items)
        {
            if (fields.TextOf(item, "needs") is { } text && seen.Add(Need.Parse(text)))
            {
                needs.Add(Need.Parse(text));
            }
        }

        return needs.DrainToImmutable();
    }

    private Join ReadJoin(MappingFields fields)
    {
        if (fields["join"] is { } join && (!fields.Has("needs") || fields["needs"] is SourceSequence { Items.Count: 0 }))
        {
            _problems.Add(DefinitionCodes.BadJoin, join, "`join` says how many needs must complete, and there are no `needs`");
            return Join.All;
        }

        switch (fields["join"])
        {
            case null or SourceScalar { Text: "all" }:
                return Join.All;

            case SourceScalar { Text: "any" }:
                return Join.Any;

            // 0 means `all` in the model, so it is refused, as is a number that an int does not hold.
            case SourceScalar { Kind: ScalarKind.Number } number
                when int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count != 0:
                return new(count);

            case var node:
                var text = node is SourceScalar { Kind: not ScalarKind.Null } scalar ? Excerpt.Of(scalar.Text) : node.Description;
                _problems.Add(DefinitionCodes.BadJoin, node, $"`join` must be `all`, `any` or how many of the needs, not {text}");
                return Join.All;
        }
    }
}
