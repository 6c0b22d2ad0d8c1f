using System.Text.RegularExpressions;

namespace ActorFlow.Perf.Running;

/// <summary>
/// Which specs are meant: globs (<c>*</c>, <c>?</c>) of ids and groups, separated by commas. <c>P1</c> means <c>P1-100</c>, too.
/// </summary>
/// <param name="text">The globs; none: all.</param>
internal sealed class SpecFilter(string? text)
{
    private readonly List<Regex> _patterns =
    [
        .. (text ?? "*").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(glob => new Regex(
            $"^{Regex.Escape(glob).Replace("\\*", ".*").Replace("\\?", ".")}(-.*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)),
    ];

    /// <summary>Whether a spec is meant.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="group">Its group; empty: none.</param>
    public bool Matches(string id, string group = "") => _patterns.Exists(pattern => pattern.IsMatch(id) || (group.Length > 0 && pattern.IsMatch(group)));
}
