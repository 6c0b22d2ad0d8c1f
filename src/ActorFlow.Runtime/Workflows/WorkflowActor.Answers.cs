using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Wire;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>What those who sent commands and queries are told, and when: never before the write that it tells of.</summary>
public sealed partial class WorkflowActor
{
    private static readonly TimeSpan WatcherLife = TimeSpan.FromMinutes(1);

    private void Accept(WorkflowCommand command, IActorRef sender, List<(IActorRef To, object Answer)> answers, bool recorded)
    {
        switch (command)
        {
            case WorkflowCommand.Report report:
                answers.Add((sender, new ReportAcknowledged(_id, report.Attempt, report.Lease)));
                break;
            case WorkflowCommand.Tick:
                if (_state is WorkflowState.Open open)
                {
                    ArmTimer(open);
                }

                break;
            case WorkflowCommand.ResolveChild resolved:
                _children.OnResolved(resolved, Uptime);
                break;
            case WorkflowCommand.Continue:
                break;
            case WorkflowCommand.ChildRefused refused:
                // Also what a run that has ended wanted to end: there is nothing of that name that is its child.
                _children.OnEnded(refused.Attempt);
                break;
            case WorkflowCommand.ChildEnded ended:
                _children.OnEnded(ended.Attempt);
                answers.Add((sender, new ChildEndAcknowledged(ended.Attempt)));
                break;
            case WorkflowCommand.TakeCheckpoint when recorded:
                // Who asked for it is told once it is stored: see OnCheckpoint.
                (_awaitingCheckpoint ??= []).Add(sender);
                break;
            case WorkflowCommand.TakeCheckpoint repeat when StoringAs(repeat.Name) is { } asked:
                asked.Add(sender);
                break;
            case WorkflowCommand.Start when _state is WorkflowState.Closed { Parent: not null }:
                // The parent asks for its child again: it may not know how it ended.
                answers.Add((sender, new WorkflowReply.Accepted(_id)));
                (_reportedEnd, _reportAt) = (false, TimeSpan.Zero);
                _reportBackoff.Reset();
                break;
            default:
                answers.Add((sender, new WorkflowReply.Accepted(_id)));
                break;
        }
    }

    private void Answer(WorkflowQuery query, IActorRef sender, List<(IActorRef To, object Answer)> answers)
    {
        switch (_state)
        {
            case var state when query is WorkflowQuery.FetchInput fetch:
                var input = (state as WorkflowState.Open)?.InputFor(fetch.Attempt, fetch.Lease);
                answers.Add((sender, new AttemptInput(_id, fetch.Attempt, fetch.Lease, input)));
                break;
            case not null and not WorkflowState.NotStarted when TryAnswerPast(query, sender, answers):
                break;
            case WorkflowState.Closed:
                answers.Add((sender, EndedReply()));
                break;
            case WorkflowState.Open open when query is WorkflowQuery.GetStatus:
                answers.Add((sender, new WorkflowReply.Status(_id, open.Definition, open.Progress, open.Stopping, open.NextDue)
                {
                    WaitingFor = _offers?.WaitingFor ?? [],
                }));
                break;
            case WorkflowState.Open:
                Watch(sender);
                break;
            default:
                answers.Add((sender, new WorkflowReply.Refused(_id, "workflow-not-found", $"There is no workflow run '{_id}'.")));
                break;
        }
    }

    /// <summary>Who asked long ago has asked again since, or given up.</summary>
    private void Watch(IActorRef watcher)
    {
        ForgetWatchers();
        (_watchers ??= [])[watcher] = Uptime;
    }

    private void ForgetWatchers()
    {
        if (_watchers is null)
        {
            return;
        }

        var now = Uptime;
        foreach (var (former, since) in _watchers)
        {
            if (now - since > WatcherLife)
            {
                _watchers.Remove(former);
            }
        }
    }

    private void Send(List<(IActorRef To, object Answer)> answers)
    {
        foreach (var (to, answer) in answers)
        {
            to.Tell(answer is WorkflowReply.Details details && IsTooLargeFor(to, details.Image) ? PlaceOfDetails() : answer);
        }
    }

    /// <summary>Who asks from another node, for what no frame holds, reads it from the store.</summary>
    private static bool IsTooLargeFor(IActorRef asker, RunImage image) =>
        MessageSizeLimits.IsElsewhere(asker) && MessageSizeLimits.SizeOf(image) > MessageSizeLimits.Answer;

    /// <summary>The run as it is now, by the row that left it so: only between a write and the next decision.</summary>
    private WorkflowReply.ReadFromStore PlaceOfDetails()
    {
        var (_, image, outcome, failure) = Details();
        return new(_id, image.RunId, LastSequenceNr, image.Definition) { Outcome = outcome, CheckpointFailure = failure };
    }

    private void TellWatchers()
    {
        if (_watchers is null)
        {
            return;
        }

        foreach (var watcher in _watchers.Keys)
        {
            watcher.Tell(EndedReply());
        }

        _watchers = null;
    }

    private WorkflowReply.Ended EndedReply()
    {
        var closed = (WorkflowState.Closed)_state!;
        return new(
            _id, closed.Definition, closed.Outcome, closed.Output, closed.Error, closed.Reason, [.. closed.Failures], closed.StartedAt, closed.ClosedAt);
    }
}
