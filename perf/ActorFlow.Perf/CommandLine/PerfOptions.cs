using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record PerfOptions
{
    /// <summary>Which specs; see <see cref="SpecFilter"/>. None: all.</summary>
    public string? Filter { get; init; }

    /// <summary>The store.</summary>
    public required string Store { get; init; }

    /// <summary>Where the result file goes; none: nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>The baseline that it is saved as; none: as none.</summary>
    public string? Save { get; init; }

    /// <summary>The baseline that it is held against; none: none.</summary>
    public string? Compare { get; init; }

    /// <summary>Where reports go: <c>.html</c> or <c>.md</c>.</summary>
    public IReadOnlyList<string> Reports { get; init; } = [];

    /// <summary>Whether it may be over soon: short warm-ups, no slow specs, only steady bars decide.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether specs are only named.</summary>
    public bool List { get; init; }

    /// <summary>Whether only README's table and its part of the performance log are written, from the result files in the repository.</summary>
    public bool Readme { get; init; }

    /// <summary>The only spec of this process; none: this is the process that was asked.</summary>
    public string? Only { get; init; }
}
