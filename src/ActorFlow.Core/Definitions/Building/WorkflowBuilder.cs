using System.Linq.Expressions;
using System.Text.Json;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>
/// Makes a definition in C#, the same that a file gives. Tasks are named once, where they are added; needs, cases and outputs are
/// handles, so that the compiler finds a wrong one.
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

    /// <summary>A part of the input, or what follows from it.</summary>
    /// <exception cref="NotSupportedException">The expression has no counterpart in JavaScript.</exception>
    public Computed<TMember> Input<TMember>(Expression<Func<TInput, TMember>> member) => Input().Get(member);

    /// <summary>What the workflow is for.</summary>
    public WorkflowBuilder<TInput> Description(string description) => With(_definition with { Description = description });

    /// <summary>A JSON Schema that the input must satisfy.</summary>
    /// <param name="schema">The schema as a .NET object or a payload.</param>
    public WorkflowBuilder<TInput> InputSchema(object schema) => With(_definition with { InputSchema = BuiltPayload.Of(schema) });

    /// <summary>What tasks that run a handler take where they do not say otherwise.</summary>
    public WorkflowBuilder<TInput> Defaults(TaskDefaults defaults) => With(_definition with { Defaults = defaults });

    /// <summary>How long the whole run may take.</summary>
    public WorkflowBuilder<TInput> Timeout(TimeSpan timeout) => With(_definition with { Timeout = timeout });

    /// <summary>How many attempts may be in flight at once.</summary>
    public WorkflowBuilder<TInput> MaxParallel(int limit) => With(_definition with { MaxParallel = limit });

    /// <summary>Compensates what completed when the run fails or is cancelled.</summary>
    public WorkflowBuilder<TInput> CompensateOnFailure() => With(_definition with { OnFailure = FailurePolicy.Compensate });

    /// <summary>Takes a checkpoint every so many events.</summary>
    public WorkflowBuilder<TInput> CheckpointEvery(int events) => With(_definition with { CheckpointEvery = events });

    /// <summary>Takes a checkpoint also when the last one is this old and something has happened since.</summary>
    public WorkflowBuilder<TInput> CheckpointInterval(TimeSpan interval) => With(_definition with { CheckpointInterval = interval });

    /// <summary>How many checkpoints without a name are kept, 1 to 100; without it 3.</summary>
    public WorkflowBuilder<TInput> CheckpointKeep(int count) => With(_definition with { CheckpointKeep = count });

    /// <summary>Says what the result is; without it, an object of the outputs of the tasks that nothing needs.</summary>
    /// <param name="output">A value with <see cref="Computed"/> values anywhere inside.</param>
    public WorkflowBuilder<TInput> Returns(object? output) => With(_definition with { Output = BuiltPayload.Of(output) });

    /// <summary>The definition.</summary>
    /// <exception cref="DefinitionException">It is not valid; the exception has all errors.</exception>
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

/// <summary>Makes a definition whose input has no type of its own.</summary>
/// <param name="name">Its name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</param>
/// <param name="version">Its version, 1 or more.</param>
public sealed class WorkflowBuilder(string name, int version = 1) : WorkflowBuilder<JsonElement>(name, version);
