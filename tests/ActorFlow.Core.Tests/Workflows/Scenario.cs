using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>
/// A workflow, how its handlers behave, and what is done to it from outside: played through in virtual time, without actors.
/// A handler that is not described echoes its input at once; nothing jitters.
/// </summary>
internal sealed partial class Scenario
{
    private readonly WorkflowDefinition _definition;
    private readonly Dictionary<string, Func<Execution, object?>> _handlers = [];
    private readonly List<(TimeSpan At, Func<ScenarioRun, WorkflowCommand> Command)> _commands = [];
    private readonly List<(TimeSpan At, TimeSpan By)> _clockJumps = [];
    private Payload _input = Payload.Null;
    private double _roll = 0.5;
    private DateTimeOffset? _startAt;

    private Scenario(WorkflowDefinition definition) => _definition = definition;

    /// <summary>A workflow from YAML; without a name it is called <c>scenario</c>.</summary>
    public static Scenario Of(string yaml)
    {
        var text = yaml.StartsWith("name:", StringComparison.Ordinal) ? yaml : "name: scenario\n" + yaml;
        return new(DefinitionReader.Read(text, "scenario.yaml").Main);
    }

    /// <summary>A workflow from the model.</summary>
    public static Scenario Of(WorkflowDefinition definition) => new(definition);

    /// <summary>What the run is started with: a value that becomes JSON.</summary>
    public Scenario Input(object? input)
    {
        _input = input as Payload ?? Payload.From(input);
        return this;
    }

    /// <summary>The first task begins so long after the start.</summary>
    public Scenario Delayed(string by)
    {
        _startAt = ScenarioRun.Epoch + Parse(by);
        return this;
    }

    /// <summary>What a handler does: it returns its output, or an <see cref="Answer"/>.</summary>
    public Scenario Handler(string name, Func<Execution, object?> run)
    {
        _handlers[name] = run;
        return this;
    }

    /// <summary>A handler that fails the first so many times that it runs, and then echoes its input.</summary>
    public Scenario Fails(string name, int times = int.MaxValue, string type = "Boom", bool retryable = true)
    {
        var failed = 0;
        return Handler(name, execution => failed++ < times ? Answer.Failure(type, retryable: retryable) : execution.Input);
    }

    /// <summary>A handler that echoes its input after so long.</summary>
    public Scenario Takes(string name, string duration) => Handler(name, execution => Answer.Success(execution.Input).After(duration));

    /// <summary>The roll of all dice, 0 to 1.</summary>
    public Scenario Roll(double roll)
    {
        _roll = roll;
        return this;
    }

    /// <summary>From then on the node's clock shows so much more (or less) than it should.</summary>
    public Scenario ClockJumps(string at, TimeSpan by)
    {
        _clockJumps.Add((Parse(at), by));
        return this;
    }

    /// <summary>The state before any event.</summary>
    public WorkflowState NotStarted => WorkflowState.Initial(WorkflowPlan.Compile(_definition));

    /// <summary>Plays until the run is closed, and nothing is left to happen.</summary>
    /// <exception cref="InvalidOperationException">It waits for ever, or never ends.</exception>
    public ScenarioRun RunToEnd()
    {
        var run = Play();
        return run.IsClosed ? run : throw new InvalidOperationException($"The run waits for ever after {string.Join(", ", run.Started)}.");
    }

    /// <summary>Plays until nothing is left to happen.</summary>
    public ScenarioRun Play() => Play(run => run.Play(_input, _parent, _companions, _startAt));

    private ScenarioRun Play(Action<ScenarioRun> play)
    {
        var run = new ScenarioRun(WorkflowPlan.Compile(_definition), _definition, new(Run, RunChild, _unknown), _commands, _clockJumps, _roll);
        play(run);
        run.CheckReplay();
        return run;
    }

    private Answer Run(Execution execution)
    {
        var result = _handlers.TryGetValue(execution.Handler, out var handler) ? handler(execution) : execution.Input;
        return result as Answer ?? Answer.Success(result);
    }

    private static TimeSpan Parse(string duration) =>
        Duration.TryParse(duration, out var value) ? value : throw new ArgumentException($"'{duration}' is no duration.");
}
