
namespace ActorFlow.Core.Definitions;

/// <summary>How large a definition may be.</summary>
internal static class DefinitionLimits
{
    /// <summary>The size of one definition, as text and in its canonical form: 1 MiB.</summary>
    public const int DefinitionBytes = 1024 * 1024;

    /// <summary>The size of a file, with all its documents: 16 MiB. A larger one is refused unread.</summary>
    public const int FileBytes = 16 * 1024 * 1024;

    /// <summary>The tasks written in one definition, those in groups included: 10,000.</summary>
    public const int Tasks = 10_000;

    /// <summary>How deep a file may nest: 192 levels, enough for the deepest groups with the deepest data inside.</summary>
    public const int Depth = JsonDepth.Limit + 64;

    /// <summary>How deep groups may nest within groups: 24 levels, so that a definition with data inside fits <see cref="Depth"/>.</summary>
    public const int GroupDepth = 24;

    /// <summary>The number of problems that are reported for one file: 1,000. The last one then says that there are more.</summary>
    public const int Problems = 1000;
}
