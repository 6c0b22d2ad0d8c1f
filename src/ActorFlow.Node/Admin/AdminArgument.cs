using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary>What an argument names: how it is checked and what completes it follow from that.</summary>
internal enum AdminKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>No value: it is there or not.</summary>
    Flag,

    /// <summary>A number from 1 up.</summary>
    Number,

    /// <summary>A JSON value, <c>@file</c>, or <c>-</c> for what is typed behind it.</summary>
    Json,

    /// <summary>A workflow file.</summary>
    File,

    /// <summary>The id of a run that is there.</summary>
    Run,

    /// <summary>The id of a run to be.</summary>
    NewRun,

    /// <summary>The name of a definition.</summary>
    Definition,

    /// <summary>The name of a definition, with or without <c>@</c> and a version.</summary>
    DefinitionVersion,

    /// <summary>A checkpoint of the run by name or number.</summary>
    Checkpoint,

    /// <summary>The path of a task of the run.</summary>
    Task,

    /// <summary>The path of a task of the run that asks.</summary>
    Question,

    /// <summary>The name of a signal.</summary>
    Signal,

    /// <summary>The status of a run.</summary>
    Status,

    /// <summary><c>KEY=VALUE</c>, each key once.</summary>
    Tag,

    /// <summary>A time, or how long ago.</summary>
    Time,

    /// <summary>A duration.</summary>
    Duration,

    /// <summary>The role of a key.</summary>
    Role,
}

/// <summary>An argument of a command, or an option if its name begins with <c>--</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Description">What it is for, as a sentence.</param>
internal sealed record AdminArgument(string Name, AdminKind Kind, string Description)
{
    private const int ShownWidth = 60;

    private static readonly string[] Roles = [.. new[] { ApiRole.Viewer, ApiRole.Operator, ApiRole.Admin }.Select(role => role.ToWord())];
    private static readonly string[] Statuses = [.. Enum.GetValues<WorkflowStatus>().Select(status => status.ToWord())];

    /// <summary>Whether it is an option.</summary>
    public bool IsOption { get; } = Name.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Whether it has to be there; the default is that options may be left out.</summary>
    public bool IsRequired { get; init; } = !Name.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Whether it may be given several times.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>A short name of an option; null, the default, means that it has none.</summary>
    public string? ShortName { get; init; }

    /// <summary>The words that it takes where they are few; empty means that they are not, or not known before.</summary>
    public IReadOnlyList<string> Words => Kind switch
    {
        AdminKind.Status => Statuses,
        AdminKind.Role => Roles,
        _ => [],
    };

    /// <summary>What stands for the value of an option in help.</summary>
    public string ValueName => Kind switch
    {
        AdminKind.Number => "N",
        AdminKind.Json => "JSON|@FILE|-",
        AdminKind.Definition => "NAME",
        AdminKind.DefinitionVersion => "NAME[@V]",
        AdminKind.Checkpoint => "NAME|#N",
        AdminKind.Tag => "KEY=VALUE",
        AdminKind.Run or AdminKind.NewRun => "ID",
        AdminKind.Question => "TASK",
        _ => Kind.ToString().ToUpperInvariant(),
    };

    /// <summary>Text that was typed as messages show it: on one line, and not too long.</summary>
    public static string Shown(string text, int width = ShownWidth)
    {
        var line = OneLine.Of(text);
        return line.Length <= width ? line : $"{line[..(char.IsHighSurrogate(line[width - 2]) ? width - 2 : width - 1)]}…";
    }

    /// <summary>The time that is typed as a time, or as how long ago; null means that the text is neither.</summary>
    /// <param name="text">The text.</param>
    /// <param name="now">The time of the call.</param>
    public static DateTimeOffset? TimeOf(string text, DateTimeOffset now) =>
        Duration.TryParse(text, out var ago) && ago < now - DateTimeOffset.UnixEpoch ? now - ago
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) ? at
        : null;

    /// <summary>What is wrong with the words that were typed for it; null means nothing.</summary>
    public string? ProblemOf(IEnumerable<string> words)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (FormOf(word) is { } form)
            {
                return $"{Name} {(IsOption ? "takes" : "is")} {form}, not '{Shown(word)}'.";
            }

            if (Kind == AdminKind.Tag && !keys.Add(word.Split('=')[0]))
            {
                return $"{Name} is given twice for {Shown(word.Split('=')[0])}; give each key once.";
            }
        }

        return null;
    }

    /// <summary>The form that a word should have; null means that it has it.</summary>
    private string? FormOf(string word) => Kind switch
    {
        AdminKind.Number when !(int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1) =>
            $"a number from 1 to {int.MaxValue}",
        // The parser takes a misspelt option for a file.
        AdminKind.File when word.StartsWith("--", StringComparison.Ordinal) => "the name of a file",
        AdminKind.Run when !Identifiers.IsRunOrChildId(word) => $"an id of 1 to {Limits.IdLength} of the characters A-Z a-z 0-9 . _ ~ - /",
        AdminKind.NewRun when !Identifiers.IsRunId(word) => $"1 to {Limits.IdLength} of the characters A-Z a-z 0-9 . _ ~ -",
        AdminKind.Definition when !Identifiers.IsWorkflowName(word) => "the name of a definition",
        AdminKind.DefinitionVersion when !Identifiers.TryReadDefinition(word, out _, out _) => "the name of a definition, with or without @ and a version",
        AdminKind.Status when WorkflowStatuses.FromWord(word) is null => $"{string.Join(", ", Statuses[..^1])} or {Statuses[^1]}",
        AdminKind.Tag when word.IndexOf('=', StringComparison.Ordinal) < 1 => "KEY=VALUE",
        AdminKind.Duration when !Duration.TryParse(word, out _) => "a duration such as 10s, 2h or 90d",
        AdminKind.Role when !Roles.Contains(word) => ApiRoles.Words,
        AdminKind.Time when TimeOf(word, DateTimeOffset.UnixEpoch.AddYears(100)) is null => "a time such as 2026-11-23T17:00:00Z, or how long ago such as 2h",
        _ => null,
    };
}
