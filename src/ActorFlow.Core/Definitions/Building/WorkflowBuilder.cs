using System.Linq.Expressions;
using System.Text.Json;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>
/// Builds a definition in C#, equal to one read from a file. A task is named once, where it is added; needs, cases and outputs are
/// handles, so that the compiler finds a wrong reference.
/// </summary>
/// <typeparam name="TInput">The input of a run, as System.Text.Json's web conventions read it.</typeparam>
public class WorkflowBuilder<TInput> : TaskScope
{
    private WorkflowDefinition _definition;

    /// <summary>Begins a definition.</summary>
    /// <param name="name">Its name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</param>
    /// <param name="version">Its version, 1 or more.</param>
    public WorkflowBuilder(string name, int version = 1) => _definition = new() { Name = name, Version = version, Tasks = [] };

    /// <summary>The input of the run.</summary>
    public Computed<TInput> Input() => new("input");

    /// <summary>A part of the input, or an expression over it.</summary>
    /// <exception cref="NotSupportedException">The expression has no counterpart in JavaScript.</exception>
    public Computed<TMember> Input<TMember>(Expression<Func<TInput, TMember>> member) => Input().Get(member);

    /// <summary>Sets what the workflow is for.</summary>
    public WorkflowBuilder<TInput> Description(string description) => With(_definition with { Description = description });

    /// <summary>Sets a JSON Schema that the input must satisfy.</summary>
    /// <param name="schema">The schema as a .NET object or a payload.</param>
    public WorkflowBuilder<TInput> InputSchema(object schema) => With(_definition with { InputSchema = BuiltPayload.Of(schema) });

    /// <summary>Sets the defaults of the tasks that run a handler.</summary>
    public WorkflowBuilder<TInput> Defaults(TaskDefaults defaults) => With(_definition with { Defaults = defaults });

    /// <summary>Sets how long the whole run may take.</summary>
    public WorkflowBuilder<TInput> Timeout(TimeSpan timeout) => With(_definition with { Timeout = timeout });

    /// <summary>Sets how many attempts may be outstanding at once.</summary>
    public WorkflowBuilder<TInput> MaxParallel(int limit) => With(_definition with { MaxParallel = limit });

    /// <summary>Compensates what completed when the run fails or is cancelled.</summary>
    public WorkflowBuilder<TInput> CompensateOnFailure() => With(_definition with { OnFailure = FailurePolicy.Compensate });

    /// <summary>Takes a checkpoint every so many events, 1 or more.</summary>
    public WorkflowBuilder<TInput> CheckpointEvery(int events) => With(_definition with { CheckpointEvery = events });

    /// <summary>Takes a checkpoint also when the last one is this old and the run has recorded events since.</summary>
    public WorkflowBuilder<TInput> CheckpointInterval(TimeSpan interval) => With(_definition with { CheckpointInterval = interval });

    /// <summary>Sets how many checkpoints without a name are kept, 1 to 100. The default is 3.</summary>
    public WorkflowBuilder<TInput> CheckpointKeep(int count) => With(_definition with { CheckpointKeep = count });

    /// <summary>Sets the result. The default is an object of the outputs of the tasks that nothing needs.</summary>
    /// <param name="output">A value with <see cref="Computed"/> values anywhere inside.</param>
    public WorkflowBuilder<TInput> Returns(object? output) => With(_definition with { Output = BuiltPayload.Of(output) });

    /// <summary>Builds the definition.</summary>
    /// <exception cref="DefinitionException">The definition is not valid; the exception holds all errors.</exception>
    public new WorkflowDefinition Build()
    {
        var definition = _definition with { Tasks = base.Build() };
        var errors = DefinitionCheck.Run(definition).Where(problem => !problem.IsWarning).ToArray();
        return errors.Length == 0 ? definition : throw new DefinitionException([.. errors]);
    }

    private WorkflowBuilder<TInput> With(WorkflowDefinition definition)
    {
        _definition = definition;
        return this;
    }
}

/// <summary>Builds a definition whose input has no type of its own.</summary>
/// <param name="name">Its name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</param>
/// <param name="version">Its version, 1 or more.</param>
public sealed class WorkflowBuilder(string name, int version = 1) : WorkflowBuilder<JsonElement>(name, version);
