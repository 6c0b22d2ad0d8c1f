namespace ActorFlow.Configuration;

/// <summary>What was found as options were read from a configuration.</summary>
/// <param name="Path">The key of the section that was read.</param>
/// <param name="Problems">What is wrong: unknown keys first, then wrong values. Each is one line with the full key.</param>
/// <param name="UnknownSections">
/// Sections directly below that the options do not know. Other parts of an application may read them: see <see cref="OptionsSection"/>.
/// </param>
internal sealed record OptionsReading(string Path, IReadOnlyList<string> Problems, IReadOnlyList<UnknownSection> UnknownSections);

/// <summary>A section that the options do not know.</summary>
/// <param name="Path">Its key.</param>
/// <param name="Problem">What is wrong if nobody else reads it.</param>
internal sealed record UnknownSection(string Path, string Problem);

/// <summary>
/// A section that is read. Whoever reads a section below <c>ActorFlow</c> that is not the node's registers one as a service; a node does
/// not start while its configuration has a section that nobody reads.
/// </summary>
/// <param name="Path">Its key, in any case: <c>ActorFlow:Tasks</c>.</param>
internal sealed record OptionsSection(string Path);
