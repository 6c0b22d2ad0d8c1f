using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>
/// Reads one document as a definition. It always gives a definition, with a harmless value in place of each wrong one, so
/// that everything else can still be checked.
/// </summary>
internal sealed class WorkflowMapping(ProblemList problems)
{
    internal static readonly string[] Keys =
        ["name", "version", "description", "input", "defaults", "timeout", "max-parallel", "on-failure", "checkpoint", "tasks", "output"];

    internal static readonly string[] DefaultsKeys = ["timeout", "deadline", "heartbeat", "retry", "queue", "priority"];
    internal static readonly string[] CheckpointKeys = ["every", "interval", "keep"];

    private readonly TaskMapping _tasks = new(problems);

    /// <summary>The definition; null if the document is no mapping, which has then been reported.</summary>
    public WorkflowDefinition? Read(SourceNode root)
    {
        if (root is not SourceMapping mapping)
        {
            problems.Add(DefinitionCodes.WrongType, root, $"a definition is a mapping with `name` and `tasks`, not {root.Description}");
            return null;
        }

        var fields = new MappingFields(mapping, Keys, problems);
        return ReadCheckpoint(fields, new WorkflowDefinition
        {
            Name = fields.Text("name") ?? Missing(mapping, fields, "name"),
            Version = fields.Integer("version") ?? 1,
            Description = fields.Text("description"),
            InputSchema = fields.Value("input"),
            Defaults = ReadDefaults(fields),
            Timeout = fields.Duration("timeout"),
            MaxParallel = fields.Integer("max-parallel"),
            OnFailure = fields.Word("on-failure", LanguageWords.FailurePolicies) ?? FailurePolicy.Fail,
            Tasks = ReadTasks(mapping, fields),
            Output = fields.Value("output"),
        });
    }

    private string Missing(SourceMapping mapping, MappingFields fields, string key)
    {
        if (!fields.Has(key))
        {
            problems.Add(DefinitionCodes.MissingKey, mapping, $"a definition needs `{key}`");
        }

        return "unnamed";
    }

    private ImmutableArray<TaskDefinition> ReadTasks(SourceMapping mapping, MappingFields fields)
    {
        if (!fields.Has("tasks"))
        {
            Missing(mapping, fields, "tasks");
            return [];
        }

        return fields.Mapping("tasks") is { } tasks ? _tasks.ReadAll(tasks) : [];
    }

    private TaskDefaults ReadDefaults(MappingFields outer)
    {
        if (outer.Mapping("defaults") is not { } mapping)
        {
            return TaskDefaults.None;
        }

        var fields = new MappingFields(mapping, DefaultsKeys, problems);
        return new()
        {
            Timeout = fields.Duration("timeout"),
            Deadline = fields.Duration("deadline"),
            Heartbeat = fields.Duration("heartbeat"),
            Retry = PolicyMapping.ReadRetry(fields, problems),
            Queue = fields.Text("queue"),
            Priority = fields.Integer("priority"),
        };
    }

    private WorkflowDefinition ReadCheckpoint(MappingFields outer, WorkflowDefinition definition)
    {
        if (outer.Mapping("checkpoint") is not { } mapping)
        {
            return definition;
        }

        var fields = new MappingFields(mapping, CheckpointKeys, problems);
        return definition with
        {
            CheckpointEvery = fields.Integer("every") ?? WorkflowDefinition.DefaultCheckpointEvery,
            CheckpointInterval = fields.Duration("interval"),
            CheckpointKeep = fields.Integer("keep") ?? WorkflowDefinition.DefaultCheckpointKeep,
        };
    }
}
