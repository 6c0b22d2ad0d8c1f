namespace ActorFlow;

/// <summary>How a run is started.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// The id of the run: 1 to 200 of <c>[A-Za-z0-9._~-]</c>, but not <c>.</c> or <c>..</c>. A start under an id that a run of the same definition and input has joins
    /// that run. Null, the default, means that the id follows from <see cref="CommandId"/>, or else is made up.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The tags of the run, for lists; a key has 1 to 100 of <c>[A-Za-z0-9._-]</c>. The default is none.</summary>
    public IDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How long the run waits after its start before its first task begins: 0 to 3,650 days. It waits durably, and can be read, signalled, cancelled and
    /// paused meanwhile. Null, the default, means not at all. At most one of this and <see cref="StartAt"/> is given.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// When the first task of the run begins, at most 3,650 days ahead; a time that has passed means at once. Null, the default, means at once.
    /// </summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>The directory that relative paths of its tasks start from; null, the default, means that none is given.</summary>
    public string? Directory { get; init; }

    /// <summary>The id of this command, 1 to 200 visible ASCII characters: a repeat under the same one starts nothing anew. Null, the default, means a new one.</summary>
    public string? CommandId { get; init; }
}
