using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// What it takes to decide on a message, and is not in memory: the definition of a run that is to start, whether its id is that of a
/// run that was purged, that a run which goes on again is not purged meanwhile, and the state that a fork goes on from. What is missing
/// is asked for, and the run's actor is told; the message stays first until then.
/// </summary>
internal sealed class Prerequisites(WorkflowSession session, WorkflowServices services, IActorRef run, ActorSystem system)
{
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    private bool _knowsTombstone;
    private DateTimeOffset? _purged;
    private DateTimeOffset _heldUntil;
    private RunImage? _source;

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <summary>Whether a message is of a sort that anything may be missing for.</summary>
    public static bool MayBeMissingFor(object message) =>
        message is WorkflowCommand.Start or WorkflowCommand.Retry or WorkflowCommand.Rewind or ForkFrom;

    /// <summary>What is missing for a message, and was asked for; <see cref="PendingStep.None"/> if it can be decided.</summary>
    /// <param name="message">The message.</param>
    /// <param name="hasJournal">Whether the run's journal holds anything.</param>
    public PendingStep MissingFor(object message, bool hasJournal)
    {
        switch (message)
        {
            case WorkflowCommand.Start start when session.Begins(start):
                return MissingDefinition(start, hasJournal) is var missing and not PendingStep.None ? missing : MissingHold();
            case WorkflowCommand.Retry or WorkflowCommand.Rewind:
                return MissingHold();
            case ForkFrom fork when StartOf(fork) is var start && session.Begins(start):
                return MissingDefinition(start, hasJournal) is var needed and not PendingStep.None ? needed
                    : _purged is null ? MissingSource(fork) : PendingStep.None;
            default:
                return PendingStep.None;
        }
    }

    /// <summary>The refusal of a start whose id is that of a run purged lately; null means that nothing speaks against it.</summary>
    public Decision.Refused? RefusalOf(WorkflowCommand command)
    {
        if (_purged is not { } purged || command is not WorkflowCommand.Start)
        {
            return null;
        }

        // The next start asks again: the tombstone may be gone by then.
        (_knowsTombstone, _purged) = (false, null);
        return new(
            "id-conflict",
            $"The id '{session.WorkflowId}' was that of a run that was purged at {purged:u}, too lately to be used again. Choose another id.");
    }

    /// <summary>The start that a fork comes to. Where the run has begun, the start is a repeat or in conflict, and needs no image.</summary>
    public WorkflowCommand.Start TakeFork(ForkFrom fork)
    {
        var start = StartOf(fork);
        if (_source is { } source)
        {
            _source = null;
            start = start with { Image = source, Companions = source.Companions, Directory = source.Directory, Tags = source.Tags };
        }

        return start;
    }

    /// <summary>Something was recorded: a run that has ended is held anew before it goes on again.</summary>
    public void NoteRecorded() => _heldUntil = default;

    /// <summary>Asks for a definition.</summary>
    public void Load(DefinitionReference definition) =>
        services.Plans.LoadAsync(definition.Hash).PipeTo(
            run, success: plan => new PlanLoaded(definition, plan, null), failure: error => new PlanLoaded(definition, null, error));

    /// <summary>The index knows whether the id was purged.</summary>
    public void On(TombstoneSought found) => (_knowsTombstone, _purged) = (true, found.Purged);

    /// <summary>The run is held, so that it is not purged.</summary>
    public void On(HoldEnded hold)
    {
        // What is decided now is written long before the hold ends.
        _heldUntil = hold.Until - (HoldTime / 2);
    }

    /// <summary>The state that a fork goes on from was read.</summary>
    /// <returns>Why the fork is refused; null means that it can be decided.</returns>
    public WorkflowReply.Refused? On(ForkSourceRead read, ForkFrom fork)
    {
        if (read.Image is { } image && image.RunId == fork.Origin.RunId)
        {
            _source = image;
            return null;
        }

        return read.Failure is { } failure
            ? new(session.WorkflowId, "unavailable", $"The workflow run '{fork.Origin.WorkflowId}' cannot be read: {failure}")
            : new(session.WorkflowId, "checkpoint-not-found", $"The workflow run '{fork.Origin.WorkflowId}' has no checkpoint '{fork.Origin.Sequence}'.");
    }

    private static WorkflowCommand.Start StartOf(ForkFrom fork) =>
        new(fork.WorkflowId, fork.CommandId, fork.RunId, fork.Definition, fork.Input) { Origin = fork.Origin };

    private PendingStep MissingDefinition(WorkflowCommand.Start start, bool hasJournal)
    {
        if ((hasJournal || services.AsksForTombstones) && !_knowsTombstone && session.State is not WorkflowState.Closed && services.Index is { } index)
        {
            // The id may have been used, and its journal deleted: the index knows whether that was lately.
            index.PurgedAtAsync(session.WorkflowId).PipeTo(run, success: at => new TombstoneSought(at), failure: _ => new TombstoneSought(null));
            return PendingStep.Tombstone;
        }

        if (services.Plans.Find(start.Definition.Hash) is not { } plan)
        {
            Load(start.Definition);
            return PendingStep.Definition;
        }

        session.Prepare(plan);
        return PendingStep.None;
    }

    /// <summary>A run that has ended is held before it may write, so that it is not purged meanwhile.</summary>
    private PendingStep MissingHold()
    {
        if (session.State is not WorkflowState.Closed || services.Index is not { } index || (_heldUntil > Now && _heldUntil < Now + HoldTime))
        {
            return PendingStep.None;
        }

        var until = Now + HoldTime;
        index.HoldAsync(session.WorkflowId, until).PipeTo(
            run, success: held => new HoldEnded(held, until, null), failure: error => new HoldEnded(IsHeld: false, until, error));
        return PendingStep.Hold;
    }

    private PendingStep MissingSource(ForkFrom fork)
    {
        if (_source is not null)
        {
            return PendingStep.None;
        }

        PastState.ReadAsync(system, services.Checkpoints, session.Plan!, PersistenceIds.Of(fork.Origin.WorkflowId), fork.Origin.Sequence).PipeTo(
            run, success: image => new ForkSourceRead(image, null), failure: error => new ForkSourceRead(null, error.GetBaseException().Message));
        return PendingStep.ForkSource;
    }
}

/// <summary>A definition was read from the store.</summary>
/// <param name="Definition">Which.</param>
/// <param name="Plan">The definition; null means that it is not there.</param>
/// <param name="Error">Why it could not be read; null means that it was.</param>
internal sealed record PlanLoaded(DefinitionReference Definition, WorkflowPlan? Plan, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The index was asked whether an id was purged.</summary>
/// <param name="Purged">When it was; null means that it was not, or that nobody knows.</param>
internal sealed record TombstoneSought(DateTimeOffset? Purged) : INoSerializationVerificationNeeded;

/// <summary>The index was asked to hold a run.</summary>
/// <param name="IsHeld">Whether it does; if not, the run was purged, or the index could not be written.</param>
/// <param name="Until">Until when.</param>
/// <param name="Error">Why the index could not be written; null means that it was.</param>
internal sealed record HoldEnded(bool IsHeld, DateTimeOffset Until, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The state that a fork goes on from was read.</summary>
/// <param name="Image">The state; null means that there is none.</param>
/// <param name="Failure">Why it could not be read; null means that it was.</param>
internal sealed record ForkSourceRead(RunImage? Image, string? Failure) : INoSerializationVerificationNeeded;
