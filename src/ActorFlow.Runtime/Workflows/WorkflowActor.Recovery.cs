using ActorFlow.Core.Workflows;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Coming back: from the journal and the definition to where the run stood.</summary>
public sealed partial class WorkflowActor
{
    /// <summary>Folds the journal, once the definition that it refers to is at hand.</summary>
    private void Replay()
    {
        var started = _replayed!.SelectMany(commit => commit.Events).OfType<WorkflowEvent.Started>().FirstOrDefault();
        if (started is null)
        {
            _replayed = null;
            _busy = false;
            _fresh = _services.FreshIds.TakeRecovery(PersistenceId);
            if (_fresh is null)
            {
                // Behind whatever woke this actor; if nothing did, a restart of the cluster remembered an id that was never started.
                Self.Tell(LookWhetherUsed.Instance);
            }
        }
        else if (_services.Plans.Find(started.Definition.Hash) is { } plan)
        {
            OnPlan(new(started.Definition, plan, null));
        }
        else
        {
            Load(started.Definition);
        }
    }

    private void Load(DefinitionReference definition)
    {
        _busy = true;
        _services.Plans.LoadAsync(definition.Hash).PipeTo(
            Self,
            success: plan => new PlanLoaded(definition, plan, null),
            failure: error => new PlanLoaded(definition, null, error));
    }

    private void OnPlan(PlanLoaded loaded)
    {
        if (loaded.Plan is null)
        {
            OnPlanMissing(loaded);
            return;
        }

        if (TryFold(loaded) is not { } state)
        {
            return;
        }

        var recovered = _replayed is not null;
        (_busy, _plan, _state, _replayed) = (false, loaded.Plan, state, null);
        if (recovered && !_stopping)
        {
            Observe(observer => observer.Recovered(_id, _progress = ProgressOf(_state)));
            GoOn();
        }

        if (_arrived.Count > 0 || _stopping)
        {
            Work();
        }
    }

    /// <summary>A run that has ended was woken by somebody: it leaves once they have their answer.</summary>
    private void GoOn()
    {
        if (_state is WorkflowState.Open open)
        {
            _inherited.UnionWith(open.Outstanding.Select(open.AttemptOf));
            See();
        }
        else
        {
            Self.Tell(LookWhetherUsed.Instance);
        }
    }

    /// <summary>The state that the journal leads to. A journal that leads nowhere stops the actor; sharding tries again later.</summary>
    private WorkflowState? TryFold(PlanLoaded loaded)
    {
        try
        {
            return (_replayed ?? []).Aggregate(WorkflowState.Initial(loaded.Plan!), WorkflowDecider.Evolve);
        }
        catch (Exception error)
        {
            _log.Error(error, "The run {0} cannot be recovered from its journal.", _id);
            Context.Stop(Self);
            return null;
        }
    }

    private void OnPlanMissing(PlanLoaded loaded)
    {
        var definition = $"{loaded.Definition.Name}@{loaded.Definition.Version}";
        if (_replayed is not null)
        {
            _log.Error(loaded.Error, "The run {0} cannot go on: its definition {1} cannot be had from the store.", _id, definition);
            Context.Stop(Self);
            return;
        }

        _busy = false;
        var (_, sender) = _arrived.Dequeue();
        sender.Tell(loaded.Error is null
            ? new WorkflowReply.Refused(_id, "definition-not-found", $"The definition {definition} is not in the store.")
            : new WorkflowReply.Refused(_id, "unavailable", $"The definition {definition} cannot be read: {loaded.Error.Message}"));
        AfterWork();
    }
}
