using System.Collections.Immutable;

namespace ActorFlow.Runtime.Watching;

/// <summary>A run has recorded something. It is a hint: whoever needs all of it reads the journal.</summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="HasEnded">Whether the run has ended.</param>
/// <param name="Summary">How it stands; null means that nobody asked for this.</param>
internal sealed record RunChange(string WorkflowId, bool HasEnded, WorkflowSummary? Summary);

/// <summary>Tells another node which runs are watched on the sender's. It replaces what was said before, and expires unless it is repeated.</summary>
/// <param name="All">Whether changes of all runs are wanted, with their summaries.</param>
/// <param name="WorkflowIds">The runs whose changes are wanted.</param>
internal sealed record WatchInterest(bool All, ImmutableArray<string> WorkflowIds)
{
    /// <summary>How often it is repeated.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);

    /// <summary>After how long it expires.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(20);

    /// <summary>Nothing is watched.</summary>
    public static WatchInterest None { get; } = new(false, []);

    /// <summary>Whether nothing is watched.</summary>
    public bool IsEmpty => !All && WorkflowIds.IsEmpty;
}

/// <summary>Changes of runs on the sender's node. The next ones follow once they are acknowledged.</summary>
/// <param name="Changes">The changes, oldest first.</param>
/// <param name="Dropped">How many changes were dropped since the last message, because the receiver was slow.</param>
internal sealed record RunChangesSeen(ImmutableArray<RunChange> Changes, long Dropped);

/// <summary>Acknowledges a <see cref="RunChangesSeen"/>.</summary>
internal sealed record RunChangesTaken
{
    /// <summary>The only instance.</summary>
    public static readonly RunChangesTaken Instance = new();
}
