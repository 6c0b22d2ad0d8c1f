using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Answers what is asked of one run, and keeps those who wait for its end.</summary>
internal sealed class RunQueries(WorkflowSession session, RunEffects effects, CheckpointBook checkpoints, PastReader past, TimeProvider clock)
{
    private readonly string _id = session.WorkflowId;
    private readonly EndWatchers _watchers = new();

    private TimeSpan Uptime => clock.GetElapsedTime(0);

    /// <summary>Whether nobody waits for the end.</summary>
    public bool NobodyWaits => _watchers.IsEmpty(Uptime);

    /// <summary>Answers a query.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="sender">Who asks.</param>
    /// <param name="last">The number of the last row of the journal.</param>
    /// <returns>The answer; null means that it is sent later.</returns>
    public object? Answer(WorkflowQuery query, IActorRef sender, long last)
    {
        switch (session.State)
        {
            case var state when query is WorkflowQuery.FetchInput fetch:
                var input = (state as WorkflowState.Open)?.InputFor(fetch.Attempt, fetch.Lease);
                return new AttemptInput(_id, fetch.Attempt, fetch.Lease, input);
            case null or WorkflowState.NotStarted:
                return new WorkflowReply.Refused(_id, "workflow-not-found", $"There is no workflow run '{_id}'.");
            case not null when query is WorkflowQuery.GetDetails:
                return Details();
            case not null when query is WorkflowQuery.GetCheckpoint checkpoint:
                return past.Read(checkpoint, checkpoint.Checkpoint, sender, last);
            case not null when query is WorkflowQuery.GetCheckpoints:
                past.SendCheckpoints(sender);
                return null;
            case not null when query is WorkflowQuery.GetHistory history:
                past.SendHistory(history, sender, last);
                return null;
            case WorkflowState.Closed closed:
                return EndOf(_id, closed);
            case WorkflowState.Open open when query is WorkflowQuery.GetStatus:
                return new WorkflowReply.Status(_id, open.Definition, open.Progress, open.Stopping, open.NextDue) { WaitingFor = [.. effects.WaitingFor] };
            default:
                _watchers.Add(sender, Uptime);
                return null;
        }
    }

    /// <summary>Sends an answer. A run that no frame holds is read from the store by an asker on another node.</summary>
    /// <param name="to">Who asked.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="last">The number of the last row of the journal.</param>
    public void Send(IActorRef to, object answer, long last)
    {
        if (answer is WorkflowReply.Details asked && PastReader.IsTooLargeFor(to, asked.Image))
        {
            // As the last row left it, which may have been written since.
            var (_, image, outcome, failure) = Details();
            to.Tell(new WorkflowReply.ReadFromStore(_id, image.RunId, last, image.Definition) { Outcome = outcome, CheckpointFailure = failure });
            return;
        }

        to.Tell(answer);
    }

    /// <summary>Tells all who wait how the run ended.</summary>
    public void TellEnd(WorkflowState.Closed closed)
    {
        foreach (var watcher in _watchers.TakeAll())
        {
            watcher.Tell(EndOf(_id, closed));
        }
    }

    /// <summary>Those who wait for the end wait for it elsewhere.</summary>
    public void HandOn(IActorRef next)
    {
        _watchers.Expire(Uptime);
        foreach (var watcher in _watchers.TakeAll())
        {
            next.Tell(new WorkflowQuery.AwaitEnd(_id), watcher);
        }
    }

    private WorkflowReply.Details Details() => session.State switch
    {
        WorkflowState.Closed closed => new(_id, closed.ToImage(), closed.Outcome, checkpoints.Failure),
        var open => new(_id, ((WorkflowState.Open)open!).ToImage(), null, checkpoints.Failure),
    };

    /// <summary>How a run ended.</summary>
    public static WorkflowReply.Ended EndOf(string id, WorkflowState.Closed closed) => new(
        id, closed.Definition, closed.Outcome, closed.Output, closed.Error, closed.Reason, [.. closed.Failures], closed.StartedAt, closed.ClosedAt);
}
