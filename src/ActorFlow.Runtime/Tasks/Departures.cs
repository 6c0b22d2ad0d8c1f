using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>The attempts that left the queue in one go, told to their runs in one message each.</summary>
internal sealed class Departures
{
    private readonly List<(string WorkflowId, IActorRef Workflow, AttemptId Attempt)> _all = [];

    public void Add(string workflowId, IActorRef workflow, AttemptId attempt) => _all.Add((workflowId, workflow, attempt));

    public void Tell(string queue, long epoch, IActorRef self)
    {
        if (_all.Count == 0)
        {
            return;
        }

        if (_all.Count == 1)
        {
            var (workflowId, workflow, attempt) = _all[0];
            workflow.Tell(new AttemptsLeased(queue, epoch, workflowId, [attempt]), self);
        }
        else
        {
            TellEach(queue, epoch, self);
        }

        _all.Clear();
    }

    private void TellEach(string queue, long epoch, IActorRef self)
    {
        var runs = new Dictionary<string, (IActorRef Workflow, ImmutableArray<AttemptId>.Builder Attempts)>();
        foreach (var (workflowId, workflow, attempt) in _all)
        {
            if (!runs.TryGetValue(workflowId, out var run))
            {
                run = (workflow, ImmutableArray.CreateBuilder<AttemptId>());
                runs.Add(workflowId, run);
            }

            run.Attempts.Add(attempt);
        }

        foreach (var (workflowId, run) in runs)
        {
            run.Workflow.Tell(new AttemptsLeased(queue, epoch, workflowId, run.Attempts.DrainToImmutable()), self);
        }
    }
}
