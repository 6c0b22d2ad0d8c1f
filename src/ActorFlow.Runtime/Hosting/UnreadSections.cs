using ActorFlow.Configuration;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Refuses sections of the configuration that nobody reads.</summary>
/// <param name="unknown">The sections that are not the node's.</param>
/// <param name="read">Those that others read.</param>
internal sealed class UnreadSections(IReadOnlyList<UnknownSection> unknown, IEnumerable<OptionsSection> read)
    : IValidateOptions<ActorFlowOptions>
{
    public ValidateOptionsResult Validate(string? name, ActorFlowOptions options)
    {
        var known = read.Select(section => section.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var failures = unknown.Where(section => !known.Contains(section.Path)).Select(section => section.Problem).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
