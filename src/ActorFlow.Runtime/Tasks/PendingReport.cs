using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks;

/// <summary>A report on its way, until the run acknowledges it.</summary>
internal sealed class PendingReport(WorkflowCommand.Report report) : RepeatedMessage(report)
{
    public WorkflowCommand.Report Report { get; } = report;
}
