using System.Text.RegularExpressions;

namespace ActorFlow.Perf.Running;

/// <summary>
/// Which specs are meant: globs (<c>*</c>, <c>?</c>) of ids and groups, separated by commas. <c>P1</c> means <c>P1-100</c>, too.
/// </summary>
/// <param name="text">The globs; none: all.</param>
internal sealed class SpecFilter(string? text)
{
    private readonly List<(string Glob, Regex Pattern)> _globs =
    [
        .. (text ?? "*").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(glob => (glob, new Regex(
            $"^{Regex.Escape(glob).Replace("\\*", ".*").Replace("\\?", ".")}(-.*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))),
    ];

    /// <summary>Whether a spec is meant.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="group">Its group; empty: none.</param>
    public bool Matches(string id, string group = "") => _globs.Exists(one => Matches(one.Pattern, id, group));

    /// <summary>Whether a spec is named, by its whole id.</summary>
    public bool Names(string id) => _globs.Exists(one => string.Equals(one.Glob, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The globs that mean none of these: mistyped, most likely.</summary>
    public IEnumerable<string> GlobsThatMatchNone(IEnumerable<Spec> specs) =>
        _globs.Where(one => !specs.Any(spec => Matches(one.Pattern, spec.Id, spec.Attribute.Group))).Select(one => one.Glob);

    private static bool Matches(Regex pattern, string id, string group) => pattern.IsMatch(id) || (group.Length > 0 && pattern.IsMatch(group));
}
