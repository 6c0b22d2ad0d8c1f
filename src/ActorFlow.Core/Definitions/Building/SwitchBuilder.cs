namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that chooses one case; its output is the label.</summary>
public sealed class SwitchBuilder : TaskBuilder<string>
{
    internal SwitchBuilder(string id)
        : base(id) => Definition = Definition with { Kind = new TaskKind.Switch([]) };

    /// <summary>Adds a case that wins if its condition holds and no case before it won.</summary>
    /// <returns>What other tasks need, to run along this branch only.</returns>
    public INeed Case(string label, Computed condition) => Add(new(label, condition.ToString()));

    /// <summary>Adds the case that wins if no other did; the last one.</summary>
    /// <returns>What other tasks need, to run along this branch only.</returns>
    public INeed Default(string label) => Add(new(label, null));

    private CaseHandle Add(SwitchCase one)
    {
        Definition = Definition with { Kind = new TaskKind.Switch(((TaskKind.Switch)Definition.Kind).Cases.Add(one)) };
        return new(new(Id, one.Label));
    }

    private sealed record CaseHandle(Need Need) : INeed;
}
