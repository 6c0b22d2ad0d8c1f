using System.CommandLine;
using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Workflows;

/// <summary>The options that choose runs: by status, definition, tags and time.</summary>
internal sealed class RunFilter
{
    private readonly Option<string[]> _status = new("--status") { Description = "Only runs of this status; it may be given several times.", HelpName = "STATUS" };
    private readonly Option<string?> _definition = new("--definition") { Description = "Only runs of this definition.", HelpName = "NAME" };
    private readonly Option<string[]> _tags = Tags("Only runs with this tag; with several, those that have all.");
    private readonly Option<string?> _since = new("--since") { Description = "Only runs that began since then: a time, or how long ago (2h, 7d).", HelpName = "TIME" };

    public RunFilter()
    {
        string[] words = [.. Enum.GetValues<WorkflowStatus>().Select(status => status.ToWord())];
        _status.CompletionSources.Add(words);
        _status.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value, StringComparer.Ordinal)))
            {
                result.AddError($"--status takes {string.Join(", ", words[..^1])} or {words[^1]}, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        _since.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && TimeOf(token.Value, TimeProvider.System) is null)
            {
                result.AddError($"--since takes a time such as 2026-11-23T17:00:00Z, or how long ago such as 2h, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
    }

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> Symbols => [_status, _definition, _tags, _since];

    /// <summary>An option that takes tags.</summary>
    public static Option<string[]> Tags(string description)
    {
        var option = new Option<string[]>("--tag") { Description = description, HelpName = "KEY=VALUE" };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--tag takes KEY=VALUE, not '{TerminalText.Fit(token.Value, 60)}'.");
            }

            if (result.Tokens.GroupBy(token => token.Value.Split('=')[0], StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                result.AddError($"--tag is given {twice.Count()} times for {TerminalText.Fit(twice.Key, 60)}; give each key once.");
            }
        });
        return option;
    }

    /// <summary>The tags of an option.</summary>
    public static SortedDictionary<string, string> TagsOf(ParseResult parsed, Option<string[]> option)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in parsed.GetValue(option) ?? [])
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            tags.Add(tag[..equals], tag[(equals + 1)..]);
        }

        return tags;
    }

    /// <summary>The question for a list.</summary>
    public ListQuery Of(ParseResult parsed) => new()
    {
        Status = [.. (parsed.GetValue(_status) ?? []).Select(word => WorkflowStatuses.FromWord(word)!.Value).Distinct()],
        Definition = parsed.GetValue(_definition),
        Tags = TagsOf(parsed, _tags),
        Since = parsed.GetValue(_since) is { } text ? TimeOf(text, TimeProvider.System) : null,
    };

    private static DateTimeOffset? TimeOf(string text, TimeProvider clock) =>
        Duration.TryParse(text, out var ago) ? clock.GetUtcNow() - ago
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) ? at
        : null;
}
