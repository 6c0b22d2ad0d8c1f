using System.Linq.Expressions;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>What a task can need: another task, or one case of a switch.</summary>
public interface INeed
{
    /// <summary>The need as the definition writes it.</summary>
    Need Need { get; }
}

/// <summary>A task under construction, and the handle by which other tasks need it and read its output.</summary>
public abstract class TaskBuilder : INeed
{
    private protected TaskBuilder(string id) => Definition = new() { Id = id, Kind = TaskKind.Unreadable.Missing };

    /// <summary>Its id.</summary>
    public string Id => Definition.Id;

    /// <summary>The error of a failed task: <c>{ type, message, task }</c>, else <c>null</c>.</summary>
    public Computed<TaskError?> Error => new($"{Code}.error");

    /// <summary>Its status: <c>completed</c>, <c>skipped</c>, <c>failed</c>.</summary>
    public Computed<string> Status => new($"{Code}.status");

    /// <summary>How often its executions were started.</summary>
    public Computed<int> Attempts => new($"{Code}.attempts");

    Need INeed.Need => new(Id, null);

    internal TaskDefinition Definition { get; set; }

    private protected string Code => Id.Contains('-', StringComparison.Ordinal) ? $"tasks['{Id}']" : $"tasks.{Id}";

    internal virtual TaskDefinition Build() => Definition;
}

/// <summary>A task with an output.</summary>
/// <typeparam name="TOutput">The output of one execution, as System.Text.Json's web conventions read it.</typeparam>
public class TaskBuilder<TOutput> : TaskBuilder
{
    internal TaskBuilder(string id)
        : base(id)
    {
    }

    internal TaskBuilder(string id, TaskKind kind)
        : base(id) => Do(kind);

    /// <summary>Runs a handler on a worker node.</summary>
    /// <param name="handler">The name that the handler is registered under.</param>
    /// <param name="with">Its input, with <see cref="Computed"/> values anywhere inside.</param>
    public TaskBuilder<TOutput> Uses(string handler, object? with = null) => Do(new TaskKind.Uses(handler, BuiltPayload.Of(with)));

    /// <summary>Evaluates expressions.</summary>
    /// <param name="values">An object, with <see cref="Computed"/> values anywhere inside.</param>
    public TaskBuilder<TOutput> Set(object values) => Do(new TaskKind.Set(BuiltPayload.Of(values)));

    /// <summary>Waits for a duration.</summary>
    public TaskBuilder<TOutput> Delay(TimeSpan duration) => Do(new TaskKind.Delay(Duration.ToText(duration)));

    /// <summary>Waits for a duration, or until a moment, that the run computes.</summary>
    public TaskBuilder<TOutput> Delay(Computed until) => Do(new TaskKind.Delay(until.ToString()));

    /// <summary>Fails the enclosing scope.</summary>
    /// <param name="message">Why; <see cref="Computed"/> values may be interpolated.</param>
    public TaskBuilder<TOutput> Fail(string message) => Do(new TaskKind.Fail(message));

    /// <summary>The output. Of a skipped task it is <c>null</c>: write <see cref="OutputOrNull"/> where it may be.</summary>
    public Computed<TOutput> Output() => new($"{Code}.output");

    /// <summary>A part of the output, or an expression over it.</summary>
    /// <exception cref="NotSupportedException">The expression has no counterpart in JavaScript.</exception>
    public Computed<TMember> Output<TMember>(Expression<Func<TOutput, TMember>> member) => Output().Get(member);

    /// <summary>A part of the output, or <c>null</c> if the task has no output.</summary>
    /// <exception cref="NotSupportedException">The expression has no counterpart in JavaScript.</exception>
    public Computed<TMember> OutputOrNull<TMember>(Expression<Func<TOutput, TMember>> member) => new Computed<TOutput>($"{Code}.output?").Get(member);

    /// <summary>The outputs of a task with <c>for-each</c>, in the order of its elements.</summary>
    public Computed<TOutput[]> Outputs() => new($"{Code}.output");

    private TaskBuilder<TOutput> Do(TaskKind kind)
    {
        Definition = Definition with { Kind = kind };
        return this;
    }
}
