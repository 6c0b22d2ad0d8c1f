using System.Collections.Immutable;
using System.Text.Json;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>The tasks of a workflow or of a group, in the order in which they are added.</summary>
public class TaskScope
{
    private readonly List<TaskBuilder> _tasks = [];

    internal TaskScope()
    {
    }

    /// <summary>Adds a task; set its kind next.</summary>
    /// <typeparam name="TOutput">Its output.</typeparam>
    /// <param name="id">Its id: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    public TaskBuilder<TOutput> Task<TOutput>(string id) => Add(new TaskBuilder<TOutput>(id));

    /// <summary>Adds a task whose output has no type of its own; set its kind next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public TaskBuilder<JsonElement> Task(string id) => Task<JsonElement>(id);

    /// <summary>Adds a switch; add its cases next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public SwitchBuilder Switch(string id) => Add(new SwitchBuilder(id));

    /// <summary>Adds a group; add its tasks next.</summary>
    /// <inheritdoc cref="Task{TOutput}(string)"/>
    public GroupBuilder<TOutput> Group<TOutput>(string id) => Add(new GroupBuilder<TOutput>(id));

    internal ImmutableArray<TaskDefinition> Build() => [.. _tasks.Select(task => task.Build())];

    private TBuilder Add<TBuilder>(TBuilder task)
        where TBuilder : TaskBuilder
    {
        _tasks.Add(task);
        return task;
    }

    // 

    /// <summary>Adds a child workflow; set its input next.</summary>
    /// <typeparam name="TChildInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its output.</typeparam>
    /// <param name="id">The id of the task: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    /// <param name="workflow">The name of its definition.</param>
    /// <param name="version">Its version; null means the newest when the child starts.</param>
    public ChildBuilder<TChildInput, TOutput> Child<TChildInput, TOutput>(string id, string workflow, int? version = null) =>
        Add(new ChildBuilder<TChildInput, TOutput>(id, new TaskKind.Child(workflow, version, Payload.Null, ParentClose.Cancel)));

    /// <summary>Adds a wait for a signal; its output is the signal's payload.</summary>
    /// <typeparam name="TPayload">The payload.</typeparam>
    /// <param name="id">The id of the task: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    /// <param name="name">The name of the signal.</param>
    /// <param name="schema">A JSON Schema that the payload must satisfy, as a .NET object or a payload; null means that any payload is valid. Every task that waits for this signal has the same schema.</param>
    public TaskBuilder<TPayload> Signal<TPayload>(string id, string name, object? schema = null) =>
        Add(new TaskBuilder<TPayload>(id, new TaskKind.Signal(name, schema is null ? null : BuiltPayload.Of(schema))));

    /// <summary>Adds a wait for a signal whose payload has no type of its own.</summary>
    /// <inheritdoc cref="Signal{TPayload}(string, string, object?)"/>
    public TaskBuilder<JsonElement> Signal(string id, string name, object? schema = null) => Signal<JsonElement>(id, name, schema);

    /// <summary>Adds a question to a person: yes or no.</summary>
    /// <param name="id">The id of the task: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    /// <param name="prompt">The question; <see cref="Computed"/> values may be interpolated.</param>
    public AskBuilder<bool> AskApproval(string id, string prompt) => Ask<bool>(id, AskKind.Approval, prompt);

    /// <summary>Adds a question to a person: whether something is correct, yes or no.</summary>
    /// <inheritdoc cref="AskApproval"/>
    public AskBuilder<bool> AskValidation(string id, string prompt) => Ask<bool>(id, AskKind.Validation, prompt);

    /// <summary>Adds a question to a person: one of several options.</summary>
    /// <inheritdoc cref="AskApproval"/>
    /// <typeparam name="TOption">Text, a number or a truth value.</typeparam>
    /// <param name="id">The id of the task: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique in this scope.</param>
    /// <param name="prompt">The question; <see cref="Computed"/> values may be interpolated.</param>
    /// <param name="options">The options, at least one.</param>
    public AskBuilder<TOption> AskChoice<TOption>(string id, string prompt, IEnumerable<TOption> options) =>
        Ask<TOption>(id, AskKind.Choice, prompt, BuiltPayload.Of(options));

    /// <summary>Adds a question to a person: one of several options that the run computes.</summary>
    /// <inheritdoc cref="AskChoice{TOption}(string, string, IEnumerable{TOption})"/>
    public AskBuilder<TOption> AskChoice<TOption>(string id, string prompt, Computed options) =>
        Ask<TOption>(id, AskKind.Choice, prompt, BuiltPayload.Of(options));

    /// <summary>Adds a question to a person: a whole number from 1 to 5.</summary>
    /// <inheritdoc cref="AskApproval"/>
    public AskBuilder<int> AskRating(string id, string prompt) => Ask<int>(id, AskKind.Rating, prompt);

    /// <summary>Adds a question to a person: text.</summary>
    /// <inheritdoc cref="AskApproval"/>
    public AskBuilder<string> AskText(string id, string prompt) => Ask<string>(id, AskKind.Text, prompt);

    /// <summary>Adds a question to a person: text, an opinion.</summary>
    /// <inheritdoc cref="AskApproval"/>
    public AskBuilder<string> AskFeedback(string id, string prompt) => Ask<string>(id, AskKind.Feedback, prompt);

    /// <summary>Adds a question to a person: text, a review.</summary>
    /// <inheritdoc cref="AskApproval"/>
    public AskBuilder<string> AskReview(string id, string prompt) => Ask<string>(id, AskKind.Review, prompt);

    private AskBuilder<TValue> Ask<TValue>(string id, AskKind kind, string prompt, Payload? options = null) =>
        Add(new AskBuilder<TValue>(id, kind, prompt, options));
}
