using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Client;

/// <summary>Describes and explains runs: what they hold, and what the task queues know of their attempts.</summary>
/// <param name="engine">Speaks to runs.</param>
/// <param name="plans">The plans of definitions.</param>
/// <param name="queues">The region of the task queues.</param>
/// <param name="requests">Asks them.</param>
/// <param name="store">The node's store.</param>
internal sealed class RunDescriptions(
    WorkflowEngine engine, PlanCache plans, IRequiredActor<TaskQueueRegion> queues, RegionRequests requests, PersistenceStore store)
{
    /// <summary>How long a queue is waited for: what it knows is worth telling, not worth waiting for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The most attempts that queues are asked for; of the others a description says only that they are outstanding.</summary>
    private const int MostAttempts = 1_000;

    /// <summary>Describes a run as it is now.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowDescription> DescribeAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(id, cancellationToken).ConfigureAwait(false)).Description;

    /// <summary>Explains why a run does not move.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WorkflowExplanation> ExplainAsync(string id, CancellationToken cancellationToken)
    {
        if (store.Stuck.ReasonOf(id) is { } reason)
        {
            return RunExplainer.Stuck(id, reason);
        }

        var (description, attempts, answers) = await ReadAsync(id, cancellationToken).ConfigureAwait(false);
        var explainer = new RunExplainer(description, attempts, answers.SelectMany(answer => answer.Places), answers.Select(answer => answer.Load));
        return explainer.Explain(store.WriteFailure?.ToString());
    }

    private async Task<(WorkflowDescription Description, IReadOnlyCollection<OutstandingAttempt> Attempts, AttemptPlaces[] Answers)> ReadAsync(
        string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var details = await engine.DetailsAsync(id, cancellationToken).ConfigureAwait(false);
            var plan = await plans.RequireAsync(details.Image.Definition, cancellationToken).ConfigureAwait(false);
            if (details.Outcome is null)
            {
                var open = (WorkflowState.Open)WorkflowState.Of(plan, details.Image);
                var attempts = OutstandingAttempt.Of(open).ToList();
                var answers = await LocateAsync(attempts.Take(MostAttempts), cancellationToken).ConfigureAwait(false);
                var places = answers.SelectMany(answer => answer.Places).ToDictionary(place => place.Attempt);
                var byPath = attempts.ToDictionary(attempt => attempt.Path, attempt => places.GetValueOrDefault(attempt.Attempt), StringComparer.Ordinal);
                var described = RunDescriber.WithPlaces(RunDescriber.Describe(open, details.Image), byPath.GetValueOrDefault);
                return (described with { CheckpointFailure = details.CheckpointFailure }, attempts, answers);
            }

            // Otherwise it was opened again meanwhile.
            if (await engine.StatusOfAsync(id, cancellationToken).ConfigureAwait(false) is WorkflowReply.Ended ended)
            {
                return (RunDescriber.Describe(plan, details.Image, LocalWorkflowClient.ResultOf(ended)) with { CheckpointFailure = details.CheckpointFailure }, [], []);
            }
        }
    }

    /// <summary>Asks the queues where attempts stand; a queue that does not answer soon is left out.</summary>
    private async Task<AttemptPlaces[]> LocateAsync(IEnumerable<OutstandingAttempt> attempts, CancellationToken cancellationToken)
    {
        var asked = attempts.Where(attempt => !attempt.IsPoison).GroupBy(attempt => attempt.Queue, attempt => attempt.Attempt, StringComparer.Ordinal).ToList();
        if (asked is [])
        {
            return [];
        }

        var region = await queues.GetAsync(cancellationToken).ConfigureAwait(false);
        var answers = await Task.WhenAll(asked.Select(queue => LocateAsync(region, new(queue.Key, [.. queue]), cancellationToken))).ConfigureAwait(false);
        return [.. answers.OfType<AttemptPlaces>()];
    }

    private async Task<AttemptPlaces?> LocateAsync(IActorRef region, LocateAttempts question, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.AskAsync<AttemptPlaces>(region, question, Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
