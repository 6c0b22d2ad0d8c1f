using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// Finds what a decision needs and is not in memory: the definition of a run that is to start, whether its id is that of a
/// purged run, a hold on a closed run that may be opened again, and the state that a fork begins from. What is missing
/// is requested, and the run's actor gets the answer; the message stays first until then.
/// </summary>
internal sealed class Prerequisites(WorkflowSession session, WorkflowServices services, IActorRef run, ActorSystem system)
{
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    private bool _knowsTombstone;
    private DateTimeOffset? _purged;
    private DateTimeOffset _heldUntil;
    private RunImage? _source;

    private DateTimeOffset Now => services.Clock.GetUtcNow();

    /// <summary>Whether anything may be missing for a message of this kind.</summary>
    public static bool MayBeMissingFor(object message) =>
        message is WorkflowCommand.Start or WorkflowCommand.Retry or WorkflowCommand.Rewind or ForkFrom;

    /// <summary>Requests what is missing for a message, and returns it; <see cref="PendingStep.None"/> means that the message can be decided.</summary>
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

    /// <summary>The refusal of a start whose id is that of a recently purged run; null means that the start is not refused.</summary>
    public Decision.Refused? RefusalOf(WorkflowCommand command)
    {
        if (_purged is not { } purged || command is not WorkflowCommand.Start)
        {
            return null;
        }

        // The next start asks again: the tombstone may have been removed by then.
        (_knowsTombstone, _purged) = (false, null);
        return new(
            "purged",
            $"The id '{session.WorkflowId}' was that of a run that was purged at {purged:u}, too lately to be used again. Choose another id.");
    }

    /// <summary>Makes the start of a fork. If the run has begun, the start is a repeat or in conflict, and needs no image.</summary>
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

    /// <summary>Notes that something was recorded: a closed run needs a new hold before it is opened again.</summary>
    public void NoteRecorded() => _heldUntil = default;

    /// <summary>Requests a definition.</summary>
    public void Load(DefinitionReference definition) =>
        services.Plans.LoadAsync(definition.Hash).PipeTo(
            run, success: plan => new PlanLoaded(definition, plan, null), failure: error => new PlanLoaded(definition, null, error));

    /// <summary>Asks the index whether what is left of a journal is that of a purged run; false means that there is no index to ask.</summary>
    public bool SeekTombstoneOfRemains()
    {
        services.Index?.PurgedAtAsync(session.WorkflowId).PipeTo(run, success: at => new RemainsSought(at), failure: _ => new RemainsSought(null));
        return services.Index is not null;
    }

    /// <summary>Notes the answer of the index whether the id was purged.</summary>
    public void On(TombstoneSought found) => (_knowsTombstone, _purged) = (true, found.Purged);

    /// <summary>Notes that the run is held, so that it is not purged.</summary>
    public void On(HoldEnded hold)
    {
        // What is decided now is written long before the hold ends.
        _heldUntil = hold.Until - (HoldTime / 2);
    }

    /// <summary>Notes the state that a fork begins from.</summary>
    /// <returns>The refusal of the fork; null means that it can be decided.</returns>
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
        new(fork.WorkflowId, fork.CommandId, fork.RunId, fork.Definition, fork.Input) { Origin = fork.Origin, Trace = fork.Trace };

    private PendingStep MissingDefinition(WorkflowCommand.Start start, bool hasJournal)
    {
        if ((hasJournal || services.AsksForTombstones) && !_knowsTombstone && session.State is not WorkflowState.Closed && services.Index is { } index)
        {
            // The id may have been used, and its journal deleted: the index knows whether it was purged recently.
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

    /// <summary>Requests a hold for a closed run before it may write, so that it is not purged meanwhile.</summary>
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

        PastState.ReadAsync(new PluginJournal(system), services.Checkpoints, session.Plan!, PersistenceIds.Of(fork.Origin.WorkflowId), fork.Origin.Sequence).PipeTo(
            run, success: image => new ForkSourceRead(image, null), failure: error => new ForkSourceRead(null, error.GetBaseException().Message));
        return PendingStep.ForkSource;
    }
}

/// <summary>A definition was read from the store.</summary>
/// <param name="Definition">The definition that was requested.</param>
/// <param name="Plan">Its plan; null means that the store does not have it.</param>
/// <param name="Error">Why it could not be read; null means that it was.</param>
internal sealed record PlanLoaded(DefinitionReference Definition, WorkflowPlan? Plan, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The answer of the index whether an id was purged.</summary>
/// <param name="Purged">When it was; null means that it was not, or that this is not known.</param>
internal sealed record TombstoneSought(DateTimeOffset? Purged) : INoSerializationVerificationNeeded;

/// <summary>The answer of the index whether a journal that is not whole is that of a purged run.</summary>
/// <param name="Purged">When it was purged; null means that it was not, or that this is not known.</param>
internal sealed record RemainsSought(DateTimeOffset? Purged) : INoSerializationVerificationNeeded;

/// <summary>The answer of the index to a hold of a run.</summary>
/// <param name="IsHeld">Whether the run is held; if not, it was purged, or the index could not be written.</param>
/// <param name="Until">When the hold ends.</param>
/// <param name="Error">Why the index could not be written; null means that it was.</param>
internal sealed record HoldEnded(bool IsHeld, DateTimeOffset Until, Exception? Error) : INoSerializationVerificationNeeded;

/// <summary>The state that a fork begins from.</summary>
/// <param name="Image">The state; null means that there is none.</param>
/// <param name="Failure">Why it could not be read; null means that it was.</param>
internal sealed record ForkSourceRead(RunImage? Image, string? Failure) : INoSerializationVerificationNeeded;
