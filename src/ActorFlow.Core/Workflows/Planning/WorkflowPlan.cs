using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Workflows.Planning;

/// <summary>
/// The compiled form of a definition. It is compiled once per content hash and shared by all runs of it: immutable, and safe to use
/// from many threads.
/// </summary>
internal sealed class WorkflowPlan
{
    private WorkflowPlan(WorkflowDefinition definition, ScopePlan root, ImmutableArray<TaskPlan> tasks)
    {
        Definition = definition;
        Root = root;
        Tasks = tasks;
        InputSchema = definition.InputSchema is { } schema ? JsonSchema.Parse(schema) : null;
        Signals = tasks
            .Select(task => task.Execution)
            .OfType<TaskExecutionPlan.Signal>()
            .DistinctBy(signal => signal.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(signal => signal.Name, signal => signal.Schema, StringComparer.Ordinal);
    }

    /// <summary>The definition.</summary>
    public WorkflowDefinition Definition { get; }

    /// <summary>The schema of the input of a run; null means that any input is valid.</summary>
    public JsonSchema? InputSchema { get; }

    /// <summary>The run's own graph.</summary>
    public ScopePlan Root { get; }

    /// <summary>Every task of the document, by <see cref="TaskPlan.Order"/>.</summary>
    public ImmutableArray<TaskPlan> Tasks { get; }

    /// <summary>Every handler the definition names, each once, in document order.</summary>
    public IEnumerable<string> Handlers => Tasks
        .SelectMany(task => new[] { task.Execution as TaskExecutionPlan.Uses, task.Compensate })
        .OfType<TaskExecutionPlan.Uses>()
        .Select(uses => uses.Handler)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Every child workflow the definition names, each name and version once, in document order; a null version means the newest.</summary>
    public IEnumerable<(string Name, int? Version)> Children => Tasks
        .Select(task => task.Execution)
        .OfType<TaskExecutionPlan.Child>()
        .Select(child => (child.Name, child.Version))
        .Distinct();

    /// <summary>Every signal that a task waits for, with the schema of its payload; null means that any payload is valid.</summary>
    public IReadOnlyDictionary<string, JsonSchema?> Signals { get; }

    /// <summary>Compiles a definition that has passed all checks.</summary>
    /// <exception cref="ExpressionSyntaxException">The definition has not been checked: an expression cannot be parsed.</exception>
    public static WorkflowPlan Compile(WorkflowDefinition definition)
    {
        var compiler = new Compiler(definition.Defaults);
        var root = compiler.Scope(definition.Tasks, definition.Output);
        return new(definition, root, [.. compiler.Tasks.OrderBy(task => task.Order)]);
    }

    private sealed class Compiler(TaskDefaults defaults)
    {
        private static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(1);
        private const string DefaultQueue = "default";
        private const int DefaultPriority = 5;

        public List<TaskPlan> Tasks { get; } = [];

        private int _order;

        public ScopePlan Scope(ImmutableArray<TaskDefinition> definitions, Payload? output)
        {
            var tasks = definitions.Select(Task).ToImmutableArray();
            LinkDependants(definitions, tasks);
            return new(tasks, output is null ? null : Template.Parse(output));
        }

        private static void LinkDependants(ImmutableArray<TaskDefinition> definitions, ImmutableArray<TaskPlan> tasks)
        {
            var positions = tasks.ToDictionary(task => task.Id, task => task.Index, StringComparer.Ordinal);
            var dependants = new List<Dependant>?[tasks.Length];
            for (var i = 0; i < definitions.Length; i++)
            {
                foreach (var need in definitions[i].Needs)
                {
                    (dependants[positions[need.Task]] ??= []).Add(new(i, need.Case));
                }
            }

            foreach (var task in tasks)
            {
                task.Dependants = dependants[task.Index] is { } list ? [.. list] : [];
            }
        }

        private TaskPlan Task(TaskDefinition task, int index)
        {
            var order = _order++;
            var plan = new TaskPlan
            {
                Index = index,
                Order = order,
                Definition = task,
                Needs = task.Needs.Length,
                Execution = Execution(task),
                If = task.If is null ? null : Template.ParseCondition(task.If),
                ForEach = task.ForEach is null ? null : Template.Parse(task.ForEach),
                RepeatCondition = task.Repeat is null ? null : Template.ParseCondition(task.Repeat.Condition),
                Compensate = task.Compensate is { } undo ? Uses(undo.Handler, undo.With, CompensationSettings) : null,
            };
            Tasks.Add(plan);
            return plan;
        }

        private TaskExecutionPlan Execution(TaskDefinition task) => task.Kind switch
        {
            TaskKind.Uses uses => Uses(uses.Handler, uses.With, task),
            TaskKind.Switch choice => new TaskExecutionPlan.Switch(
                [.. choice.Cases.Select(c => (c.Label, c.If is null ? null : Template.ParseCondition(c.If)))]),
            TaskKind.Set set => new TaskExecutionPlan.Set(Template.Parse(set.Values)),
            TaskKind.Delay delay => new TaskExecutionPlan.Delay(Template.ParseText(delay.For)),
            TaskKind.Fail fail => new TaskExecutionPlan.Fail(Template.ParseText(fail.Message)),
            TaskKind.Child child => new TaskExecutionPlan.Child(child.Name, child.Version, Template.Parse(child.With), task.Timeout, child.ParentClose),
            TaskKind.Signal signal => new TaskExecutionPlan.Signal(signal.Name, SchemaOf(signal.Schema), task.Timeout),
            TaskKind.Ask ask => new TaskExecutionPlan.Ask(
                ask.Kind,
                Template.ParseText(ask.Prompt),
                ask.Options is null ? null : Template.Parse(ask.Options),
                ask.Assignees is null ? null : Template.Parse(ask.Assignees),
                SchemaOf(ask.Schema),
                ask.Default,
                task.Timeout),
            TaskKind.Group group => new TaskExecutionPlan.Group(Scope(group.Tasks, group.Output), task.Timeout),
            _ => throw new InvalidOperationException($"No plan for the kind of task '{task.Id}'."),
        };

        private static JsonSchema? SchemaOf(Payload? schema) => schema is null ? null : JsonSchema.Parse(schema);

        private TaskExecutionPlan.Uses Uses(string handler, Payload with, TaskDefinition task) => new(
            handler,
            Template.Parse(with),
            task.Timeout ?? defaults.Timeout ?? DefaultTimeout,
            task.Deadline ?? defaults.Deadline,
            task.Heartbeat ?? defaults.Heartbeat,
            RetryPolicy.Merge(task.Retry, defaults.Retry),
            task.Queue ?? defaults.Queue ?? DefaultQueue,
            task.Priority ?? defaults.Priority ?? DefaultPriority);

        // A compensation takes the document's defaults, not its task's own settings (rule 13).
        private static readonly TaskDefinition CompensationSettings =
            new() { Id = "compensate", Kind = new TaskKind.Fail(string.Empty) };
    }
}
