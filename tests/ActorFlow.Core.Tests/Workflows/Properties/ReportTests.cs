using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;

namespace ActorFlow.Core.Tests.Workflows.Properties;

public sealed class ReportTests
{
    [Fact]
    public void Stale_and_repeated_reports_change_nothing() => CaseRuns.ForAll(
        Taste.Anything, 200, @case => CaseRuns.AgreesWithReference(@case, new(@case.World.Seed) { StaleReports = 90, Duplicates = 90 }));

    [Fact]
    public void Lost_and_released_attempts_neither_change_the_result_nor_use_up_attempts() => CaseRuns.ForAll(
        Taste.Anything, 200, @case => CaseRuns.AgreesWithReference(@case, new(@case.World.Seed) { LostWorkers = 60 }));

    [Fact]
    public void All_that_may_go_wrong_at_once_changes_nothing() => CaseRuns.ForAll(
        Taste.Anything, 200, @case => CaseRuns.AgreesWithReference(@case, Mischief.All(@case.World.Seed)));
}
