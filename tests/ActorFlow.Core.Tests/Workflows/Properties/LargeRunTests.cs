using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Reference;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>Runs that begin more in one instant than one decision takes on.</summary>
public sealed class LargeRunTests
{
    private static readonly string Items = $"[{string.Join(',', Enumerable.Range(0, Limits.StepsPerDecision + 20))}]";

    private static readonly TaskDefinition Set = new()
    {
        Id = "numbers",
        Kind = new TaskKind.Set(Payload.Parse("""{"n":"${{ index }}"}""")),
        ForEach = Payload.Parse(Items),
    };

    private static readonly TaskDefinition Uses = Set with
    {
        Kind = new TaskKind.Uses("do", Payload.Parse("""{"n":"${{ item }}"}""")),
        Retry = new() { MaxAttempts = 3 },
        OnError = ErrorPolicy.Continue,
    };

    [Fact]
    public void What_one_decision_leaves_over_the_next_takes_up() => CaseRuns.AgreesWithReference(CaseOf(Set), Mischief.None);

    [Fact]
    public void Results_that_arrive_in_between_lead_to_the_same_end()
    {
        var large = CaseOf(Uses);
        var interleaved = Driver.Tell(large, new(7) { Interleaving = 60 });
        CaseRuns.Same(ReferenceRun.Tell(large).WithoutTime(), interleaved.WithoutTime());
    }

    private static RunCase CaseOf(TaskDefinition task) => new(new() { Name = "large", Tasks = [task] }, Payload.Null, new World(1, 2, FailureRate: 10));
}
