using System.Diagnostics.Metrics;
using ActorFlow.Core.Workflows;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Logs exceptions that the rules met in a decision as errors, and counts them.</summary>
/// <remarks>The counter is <c>actorflow.decision.faults</c> of the meter <c>ActorFlow</c>, with the tag <c>command</c>, the kind of command.</remarks>
internal static class DecisionFaultLog
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ActorFlow";

    /// <summary>The name of the counter.</summary>
    public const string CounterName = "actorflow.decision.faults";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Faults =
        Meter.CreateCounter<long>(CounterName, "{fault}", "Exceptions that the engine met while it decided how a run goes on.");

    /// <summary>Logs and counts the exceptions of a decision.</summary>
    public static void Tell(ILoggingAdapter log, string workflowId, WorkflowCommand command, Decision decision)
    {
        foreach (var (task, cause) in decision.Faults)
        {
            var what = command.GetType().Name;
            Faults.Add(1, new KeyValuePair<string, object?>("command", what));
            if (task.Length > 0)
            {
                log.Error(cause, "The run {0} could not decide on {1}: its task {2} fails with InternalError.", workflowId, what, task);
            }
            else
            {
                log.Error(cause, "The run {0} could not decide on {1}: {2}.", workflowId, what, decision is Decision.Refused ? "it is refused" : "the run fails with InternalError");
            }
        }
    }
}
