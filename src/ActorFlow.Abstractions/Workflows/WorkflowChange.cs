namespace ActorFlow;

/// <summary>A run has changed.</summary>
/// <param name="Workflow">How the run stands after the change.</param>
/// <param name="Dropped">How many changes were left out before this one, because the reader was slow.</param>
public sealed record WorkflowChange(WorkflowSummary Workflow, long Dropped);

/// <summary>The runs whose changes are watched: those that match every property.</summary>
public sealed record WatchFilter
{
    /// <summary>Their definition, as <c>order</c> or <c>order@3</c>; null, the default, means any.</summary>
    public string? Definition { get; init; }

    /// <summary>Their status is one of these; empty, the default, means any.</summary>
    public IReadOnlyCollection<WorkflowStatus> Status { get; init; } = [];

    /// <summary>They have all of these tags, with these values; empty, the default, means any.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The id of their parent; null, the default, means any parent, or none.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether a run matches.</summary>
    /// <param name="workflow">The run.</param>
    public bool Fits(WorkflowSummary workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return FitsDefinition(workflow)
            && (Status.Count == 0 || Status.Contains(workflow.Status))
            && (Parent is null || workflow.Parent == Parent)
            && Tags.All(tag => workflow.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
    }

    private bool FitsDefinition(WorkflowSummary workflow) =>
        Definition is null
        || Definition == workflow.Definition
        || (Definition.Length > workflow.Definition.Length
            && Definition[workflow.Definition.Length] == '@'
            && Definition.StartsWith(workflow.Definition, StringComparison.Ordinal)
            && Definition.AsSpan(workflow.Definition.Length + 1).SequenceEqual(workflow.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
