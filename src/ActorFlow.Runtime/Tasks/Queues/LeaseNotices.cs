using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>The attempts that left the queue in one go, told to their runs in one message each.</summary>
internal sealed class LeaseNotices
{
    private readonly List<(string WorkflowId, IActorRef Workflow, AttemptId Attempt)> _all = [];
    private readonly Dictionary<string, List<int>> _runs = new(StringComparer.Ordinal);
    private readonly Stack<List<int>> _spare = [];

    /// <summary>An attempt left the queue.</summary>
    public void Track(string workflowId, IActorRef workflow, AttemptId attempt) => _all.Add((workflowId, workflow, attempt));

    /// <summary>Whether all of a run's attempts are among what left, in the same order.</summary>
    public bool Covers(IActorRef workflow, ImmutableArray<AttemptId> attempts)
    {
        var found = 0;
        foreach (var (_, to, attempt) in _all)
        {
            if (found < attempts.Length && attempt == attempts[found] && to.Equals(workflow))
            {
                found++;
            }
        }

        return found > 0 && found == attempts.Length;
    }

    /// <summary>Tells the runs.</summary>
    public void Notify(QueueIncarnation queue)
    {
        if (_all.Count == 0)
        {
            return;
        }

        if (_all.Count == 1)
        {
            var (workflowId, workflow, attempt) = _all[0];
            workflow.Tell(new AttemptsLeased(queue.Name, queue.Epoch, workflowId, [attempt]), queue.Self);
        }
        else
        {
            NotifyEach(queue);
        }

        _all.Clear();
    }

    private void NotifyEach(QueueIncarnation queue)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            ref var attempts = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, _all[i].WorkflowId, out _);
            (attempts ??= _spare.TryPop(out var spare) ? spare : []).Add(i);
        }

        foreach (var (workflowId, attempts) in _runs)
        {
            var leased = new AttemptsLeased(queue.Name, queue.Epoch, workflowId, [.. attempts.Select(i => _all[i].Attempt)]);
            // Of a run that has recovered meanwhile, the newest actor.
            _all[attempts[^1]].Workflow.Tell(leased, queue.Self);
            attempts.Clear();
            _spare.Push(attempts);
        }

        _runs.Clear();
    }
}
