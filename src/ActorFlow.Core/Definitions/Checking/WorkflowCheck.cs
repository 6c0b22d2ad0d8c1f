
namespace ActorFlow.Core.Definitions.Checking;

/// <summary>All checks of one definition.</summary>
internal sealed class WorkflowCheck
{
    private readonly WorkflowDefinition _definition;
    private readonly Findings _findings = new();
    private readonly DepthCheck _depths;
    private readonly LimitsCheck _limits;
    private readonly TaskCheck _tasks;
    private readonly ExpressionCheck _expressions;
    private int _count;
    private bool _hasUnreadable;

    private WorkflowCheck(WorkflowDefinition definition)
    {
        _definition = definition;
        _depths = new(_findings);
        _limits = new(_findings);
        _tasks = new(_findings, _limits);
        _expressions = new(_findings);
    }

    public static IReadOnlyList<Finding> Run(WorkflowDefinition definition)
    {
        var check = new WorkflowCheck(definition);
        check.CheckWorkflow();
        return check._findings.All;
    }

    private void CheckWorkflow()
    {
        var path = DefinitionPath.Root;
        _limits.WorkflowName(_definition.Name, path["name"]);
        _limits.Positive(_definition.Version, path["version"]);
        _limits.NoExpression(_definition.Description, path["description"]);
        _limits.Positive(_definition.Timeout, path["timeout"]);
        _limits.Positive(_definition.MaxParallel, path["max-parallel"]);
        _limits.Checkpoint(_definition, path["checkpoint"]);
        CheckDefaults(_definition.Defaults, path["defaults"]);
        _depths.Workflow(_definition, path);
        SchemaCheck.Run(_definition.InputSchema, path["input"], _findings);

        var root = new Scope(_definition.Tasks, path);
        CheckScope(root, path, _definition.Output, depth: 0);
        if (_count > DefinitionLimits.Tasks)
        {
            _findings.Error(DefinitionCodes.TooManyTasks, path["tasks"], $"{_count} tasks; a definition has at most {DefinitionLimits.Tasks}", atKey: true);
        }

        CheckSize(path);
    }

    /// <summary>Checks the size of the canonical form, which is stored; a definition with errors may have no canonical form.</summary>
    private void CheckSize(DefinitionPath path)
    {
        if (_findings.All.All(finding => finding.IsWarning)
            && !_hasUnreadable && DefinitionJson.Write(_definition).Length > DefinitionLimits.DefinitionBytes)
        {
            _findings.Error(DefinitionCodes.TooLarge, path, "the definition is over 1 MiB");
        }
    }

    private void CheckDefaults(TaskDefaults defaults, DefinitionPath path)
    {
        _limits.Positive(defaults.Timeout, path["timeout"]);
        _limits.Positive(defaults.Deadline, path["deadline"]);
        _limits.Positive(defaults.Heartbeat, path["heartbeat"]);
        _limits.Retry(defaults.Retry, path["retry"]);
        _limits.RetryWaits(defaults.Retry, null, path["retry"]);
        _limits.HandlerName(defaults.Queue, path["queue"]);
        _limits.Priority(defaults.Priority, path["priority"]);
    }

    private void CheckScope(Scope scope, DefinitionPath path, Payload? output, int depth)
    {
        _count += scope.Tasks.Length;
        if (scope.Tasks.IsEmpty)
        {
            _findings.Error(DefinitionCodes.NoTasks, path["tasks"], "there are no tasks");
        }

        if (depth > DefinitionLimits.GroupDepth)
        {
            _findings.Error(DefinitionCodes.TooDeep, path["tasks"], $"groups nest deeper than {DefinitionLimits.GroupDepth} levels", atKey: true);
            return;
        }

        var needs = new NeedsCheck(scope, _findings);
        var graph = needs.Run();
        for (var i = 0; i < scope.Tasks.Length; i++)
        {
            var task = scope.Tasks[i];
            var taskPath = scope.PathOf(i);
            _hasUnreadable |= task.Kind is TaskKind.Unreadable;
            _depths.Task(task, taskPath);
            _tasks.Run(task, taskPath);
            _limits.RetryWaits(task.Retry, _definition.Defaults.Retry, taskPath["retry"]);
            _expressions.CheckTask(scope, i, taskPath);
            if (task.Kind is TaskKind.Group group)
            {
                CheckScope(new Scope(group.Tasks, taskPath, scope, i), taskPath, group.Output, depth + 1);
            }
        }

        _depths.Output(output, path["output"]);
        _expressions.CheckOutput(scope, output, path["output"]);
        UpstreamCheck.Run(scope, graph, _findings);
        needs.WarnOfUnusedCases();
    }
}
