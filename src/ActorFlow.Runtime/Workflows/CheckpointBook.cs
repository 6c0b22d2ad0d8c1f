using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// The checkpoints of one run, and when the next one is due. The named ones follow from the journal; which of the others the store
/// keeps is read from it once.
/// </summary>
internal sealed class CheckpointBook
{
    /// <summary>
    /// The cost of a checkpoint depends on what the run holds. A run of more tasks and elements than this takes one only after as many events, or a fan-out
    /// would be stored again and again.
    /// </summary>
    private const int Small = 200;

    private SortedSet<long>? _unnamed;
    private int? _worth;

    /// <summary>The named checkpoints, oldest first. Where a name was used twice, the newer one counts.</summary>
    public ImmutableArray<NamedCheckpoint> Named { get; private set; } = [];

    /// <summary>Events since the last checkpoint.</summary>
    public int EventsSince { get; private set; }

    /// <summary>When the last checkpoint was taken, or the run was read back.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Why the last checkpoint could not be stored; null means that it was stored.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the store has told which checkpoints it keeps.</summary>
    public bool IsListed { get; private set; }

    /// <summary>Takes over the named checkpoints that a checkpoint lists.</summary>
    public void Begin(WorkflowCheckpoint checkpoint)
    {
        Named = checkpoint.Named;
        EventsSince = 0;
    }

    /// <summary>Notes a row of the journal.</summary>
    public void Note(long sequence, ImmutableArray<WorkflowCommit> commits)
    {
        foreach (var commit in commits)
        {
            EventsSince += commit.Events.Length;
            foreach (var @event in commit.Events)
            {
                // A child that was started again under its id: the names belong to the earlier one.
                Named = @event switch
                {
                    WorkflowEvent.Started => [],
                    WorkflowEvent.CheckpointNamed named => Named.Add(new(named.Name, sequence, commit.At)),
                    _ => Named,
                };
            }
        }
    }

    /// <summary>Whether a checkpoint is due after the row of that number.</summary>
    public bool IsDue(long sequence, WorkflowState.Open run, WorkflowDefinition definition, DateTimeOffset now, bool namedOnly = false) =>
        (!Named.IsEmpty && Named[^1].Sequence == sequence)
        || (!namedOnly && EventsSince >= definition.CheckpointEvery && EventsSince >= (_worth ??= (run.Size - Small) / 4))
        || (!namedOnly && EventsSince > 0 && definition.CheckpointInterval is { } interval && now - LastAt >= interval);

    /// <summary>Makes the checkpoint to store after the row of that number.</summary>
    public WorkflowCheckpoint Take(long sequence, RunImage image, DateTimeOffset now)
    {
        EventsSince = 0;
        LastAt = now;
        _worth = null;
        return new(sequence, Named, image);
    }

    /// <summary>Notes that the store has the checkpoint. Returns the numbers of those that are no longer kept.</summary>
    public List<long> Stored(long sequence, int keep)
    {
        Failure = null;
        if (!IsNamed(sequence))
        {
            (_unnamed ??= []).Add(sequence);
        }

        return TakeOld(keep);
    }

    /// <summary>Notes the checkpoints that the store keeps. Returns the numbers of those that are no longer kept.</summary>
    public List<long> Listed(IEnumerable<KeptCheckpoint> kept, int keep)
    {
        IsListed = true;
        (_unnamed ??= []).UnionWith(kept.Select(one => one.Sequence).Where(sequence => !IsNamed(sequence)));
        return TakeOld(keep);
    }

    private List<long> TakeOld(int keep)
    {
        var old = IsListed && _unnamed is { } unnamed ? unnamed.Take(Math.Max(0, unnamed.Count - keep)).ToList() : [];
        _unnamed?.ExceptWith(old);
        return old;
    }

    /// <summary>Notes that the store could not store a checkpoint. Nothing is lost: the journal has all events, and another checkpoint follows.</summary>
    public void Failed(string reason) => Failure = reason;

    /// <summary>The number of a checkpoint by its name, or by its number as text; null means that there is no such checkpoint.</summary>
    public long? Find(string checkpoint)
    {
        var named = Named.LastOrDefault(one => one.Name == checkpoint);
        return named?.Sequence ?? (long.TryParse(checkpoint.TrimStart('#'), out var sequence) && sequence > 0 ? sequence : null);
    }

    private bool IsNamed(long sequence) => Named.Any(one => one.Sequence == sequence);
}
