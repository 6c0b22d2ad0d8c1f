using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>What is done to the run from outside, and how its children behave.</summary>
internal sealed partial class Scenario
{
    private readonly Dictionary<string, Func<ChildRun, ChildEnd>> _children = [];
    private readonly HashSet<string> _unknown = [];
    private ParentLink? _parent;
    private ImmutableArray<DefinitionReference> _companions = [];

    /// <summary>The run is asked to end.</summary>
    public Scenario Cancel(string at, string reason = "enough", Guid? command = null) =>
        Command(at, new WorkflowCommand.Cancel(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), reason));

    /// <summary>The run is ended at once.</summary>
    public Scenario Terminate(string at, string reason = "now", Guid? command = null) =>
        Command(at, new WorkflowCommand.Terminate(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), reason));

    /// <summary>A signal is sent to the run; its payload is a value that becomes JSON.</summary>
    public Scenario Signal(string at, string name, object? payload = null, Guid? command = null) =>
        Command(at, new WorkflowCommand.Signal(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), name, payload as Payload ?? Payload.From(payload)));

    /// <summary>A question is answered; the answer is a value that becomes JSON.</summary>
    public Scenario Reply(string at, string task, object? value, string? by = null, string? comment = null, Guid? command = null) =>
        Command(at, new WorkflowCommand.Answer(
            ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), task, value as Payload ?? Payload.From(value), by, comment));

    public Scenario Pause(string at, Guid? command = null) =>
        Command(at, new WorkflowCommand.Pause(ScenarioRun.WorkflowId, command ?? Guid.NewGuid()));

    public Scenario Resume(string at, Guid? command = null) =>
        Command(at, new WorkflowCommand.Resume(ScenarioRun.WorkflowId, command ?? Guid.NewGuid()));

    public Scenario Retry(string at, string? from = null, Guid? command = null) =>
        Command(at, new WorkflowCommand.Retry(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), from));

    public Scenario Checkpoint(string at, string name, Guid? command = null) =>
        Command(at, new WorkflowCommand.TakeCheckpoint(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), name));

    /// <summary>The run is taken back to where it stood after so many commits.</summary>
    public Scenario Rewind(string at, int to, Guid? command = null) =>
        Command(at, run => new WorkflowCommand.Rewind(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), to, run.ImageAfter(to)));

    /// <summary>The run is taken back to the newest checkpoint of that name.</summary>
    public Scenario Rewind(string at, string to, Guid? command = null) =>
        Command(at, run => run.NamedCheckpoint(to) is var (sequence, image)
            ? new WorkflowCommand.Rewind(ScenarioRun.WorkflowId, command ?? Guid.NewGuid(), sequence, image)
            : throw new InvalidOperationException("There is no such checkpoint."));

    /// <summary>Something is said to the run.</summary>
    public Scenario Command(string at, WorkflowCommand command) => Command(at, _ => command);

    /// <summary>Something is said to the run that depends on what has become of it.</summary>
    public Scenario Command(string at, Func<ScenarioRun, WorkflowCommand> command)
    {
        _commands.Add((Parse(at), command));
        return this;
    }

    /// <summary>What the children of a name do: one that is not described gives back its input at once.</summary>
    public Scenario Child(string name, Func<ChildRun, ChildEnd> run)
    {
        _children[name] = run;
        return this;
    }

    /// <summary>No workflow of that name is registered; all others are, in version 1 where none is asked for.</summary>
    public Scenario Unknown(string name)
    {
        _unknown.Add(name);
        return this;
    }

    /// <summary>The run is itself a child, so many levels below the topmost run.</summary>
    public Scenario AsChild(int depth = 1, string parent = "parent")
    {
        _parent = new(parent, new(new Guid(7, 0, 0, new byte[8]), 1, new(0, 0, 0, 0), 1), depth);
        return this;
    }

    /// <summary>Further definitions of the same document.</summary>
    public Scenario Companions(params IEnumerable<DefinitionReference> companions)
    {
        _companions = [.. companions];
        return this;
    }

    /// <summary>Begins a run of its own where another stood after so many commits, and plays it until nothing is left to happen.</summary>
    public ScenarioRun Fork(ScenarioRun of, int after, object? input = null) =>
        Play(run => run.PlayFork(of, after, input is null ? null : input as Payload ?? Payload.From(input)));

    private ChildEnd RunChild(ChildRun child) =>
        _children.TryGetValue(child.Order.Name, out var run) ? run(child) : ChildEnd.Completes(child.Order.Input);
}
