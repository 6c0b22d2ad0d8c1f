using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Coming back: from the journal and the definition to where the run stood.</summary>
public sealed partial class WorkflowActor
{
    /// <summary>Folds the journal, once the definition that it refers to is at hand.</summary>
    private void Replay()
    {
        _checkpoints.LastAt = Now;
        var definition = _replayed!.SelectMany(commit => commit.Events).OfType<WorkflowEvent.Started>().LastOrDefault()?.Definition
            ?? _checkpoint?.State.Definition;
        if (definition is null)
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
        else if (!_rows.AreWhole(LastSequenceNr))
        {
            Log.Error("The run {0} cannot be recovered: rows of its journal are missing, or were purged while they were read.", _id);
            SayStuck("Rows of its journal are missing.");
            Context.Stop(Self);
        }
        else if (_services.Plans.Find(definition.Hash) is { } plan)
        {
            OnPlan(new(definition, plan, null));
        }
        else
        {
            Load(definition);
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

        if (_replayed is null && _state is WorkflowState.Closed)
        {
            // For a child that is to be started anew: what it ends here stays until then.
            _busy = false;
            ProcessPending();
            return;
        }

        if (TryFold(loaded) is not { } state)
        {
            return;
        }

        var recovered = _replayed is not null;
        _services.Stuck.Forget(_id);
        (_busy, _plan, _state, _replayed, _checkpoint) = (false, loaded.Plan, state, null, null);
        if (recovered && !_stopping)
        {
            if (IsObserved)
            {
                Observe(observer => observer.Recovered(_id, ProgressOf(_state), _state!));
            }

            ResumeAfterRecovery();
        }

        if (_arrived.Count > 0 || _stopping)
        {
            ProcessPending();
        }
    }

    /// <summary>A run that has ended was woken by somebody: it leaves once they have their answer.</summary>
    private void ResumeAfterRecovery()
    {
        if (_state is WorkflowState.Open open)
        {
            _toPurge = null;
            _inherited = [.. open.Outstanding.Select(open.AttemptOf)];
            ReconcileEffects();
        }
        else
        {
            SendRow();
            if (_state is WorkflowState.Closed closed)
            {
                SeeLeftChildren(closed);
            }

            Self.Tell(LookWhetherUsed.Instance);
        }
    }

    /// <summary>The state that the journal leads to. A journal that leads nowhere stops the actor; sharding tries again later.</summary>
    private WorkflowState? TryFold(PlanLoaded loaded)
    {
        try
        {
            var abandoned = _replayed is null ? null : new AbandonedChildren();
            var state = PastState.Fold(loaded.Plan!, _checkpoint, _replayed ?? [], abandoned);
            _outliving = abandoned?.LeftBy(state, _services.Retention == TimeSpan.Zero ? DateTimeOffset.MinValue : Now - _services.Retention) ?? [];
            return state;
        }
        catch (Exception error) when (_checkpoint is not null)
        {
            // All its events are there: the actor that recovers in place of this one asks for no checkpoint.
            _services.WithoutCheckpoints.TryAdd(PersistenceId, 0);
            throw new UntrustedCheckpointException(_id, _checkpoint.Sequence, error);
        }
        catch (Exception error)
        {
            Log.Error(error, "The run {0} cannot be recovered from its journal.", _id);
            SayStuck(error.Message);
            Context.Stop(Self);
            return null;
        }
    }

    /// <summary>The list of runs says why this one does not go on. If it cannot, the log has said it.</summary>
    private void SayStuck(string why)
    {
        _services.Stuck.Note(_id, why);
        _ = _services.Index?.MarkStuckAsync(_id, IndexedFailure.Of("RecoveryFailed", why), Now)
            .ContinueWith(static failed => _ = failed.Exception, TaskContinuationOptions.OnlyOnFaulted);
    }

    private sealed class UntrustedCheckpointException(string id, long sequence, Exception cause)
        : Exception($"The checkpoint {sequence} of the run '{id}' leads nowhere. It recovers from all its events.", cause);

    private void OnPlanMissing(PlanLoaded loaded)
    {
        var definition = $"{loaded.Definition.Name}@{loaded.Definition.Version}";
        if (_replayed is not null)
        {
            Log.Error(loaded.Error, "The run {0} cannot go on: its definition {1} cannot be had from the store.", _id, definition);
            SayStuck($"Its definition {definition} cannot be had from the store.");
            Context.Stop(Self);
            return;
        }

        _busy = false;
        var (_, sender) = _arrived.Dequeue();
        if (loaded.Error is UnreadableDefinitionException unreadable)
        {
            // Not "unavailable": whoever starts it would repeat the start for ever.
            Log.Error(unreadable, "The run {0} cannot start.", _id);
            sender.Tell(new WorkflowReply.Refused(_id, "internal", unreadable.Message));
            AfterWork();
            return;
        }

        sender.Tell(loaded.Error is null
            ? new WorkflowReply.Refused(_id, "definition-not-found", $"The definition {definition} is not in the store.")
            : new WorkflowReply.Refused(_id, "unavailable", $"The definition {definition} cannot be read: {loaded.Error.Message}"));
        AfterWork();
    }
}
