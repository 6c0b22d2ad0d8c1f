using System.Collections.Immutable;
using System.Globalization;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads what a task does: exactly one of the keys that name a kind, and the keys that go with it.</summary>
internal sealed class KindMapping(TaskMapping tasks, ProblemList problems)
{
    /// <summary>Every kind of the language.</summary>
    public static readonly string[] Kinds = ["uses", "workflow", "tasks", "switch", "set", "signal", "ask", "delay", "fail"];

    internal static readonly string[] CaseKeys = ["case", "if"];

    public TaskKind Read(SourceScalar id, MappingFields fields)
    {
        var kinds = Kinds.Where(fields.Has).ToArray();
        if (kinds.Length != 1)
        {
            ReportCount(id, fields, kinds);
            return TaskKind.Unreadable.Instance;
        }

        var kind = kinds[0];
        RefuseCompanions(fields, kind);
        return kind switch
        {
            "uses" => new TaskKind.Uses(fields.Text("uses") ?? "unnamed", fields.Value("with") ?? Payload.Null),
            "tasks" => ReadGroup(fields),
            "switch" => ReadSwitch(fields),
            "set" => fields.Mapping("set") is { } values ? new TaskKind.Set(PayloadSource.Read(values, problems)) : TaskKind.Unreadable.Instance,
            "delay" => fields.Text("delay") is { } text ? new TaskKind.Delay(text) : TaskKind.Unreadable.Instance,
            "fail" => fields.Text("fail") is { } message ? new TaskKind.Fail(message) : TaskKind.Unreadable.Instance,
            "workflow" => ReadChild(fields),
            "signal" => fields.Text("signal") is { } name ? new TaskKind.Signal(name, fields.Value("schema")) : TaskKind.Unreadable.Instance,
            "ask" => AskMapping.Read(fields, problems),
            var other => throw new System.Diagnostics.UnreachableException($"No reader for the kind '{other}'."),
        };
    }

    private void ReportCount(SourceScalar id, MappingFields fields, string[] kinds)
    {
        if (kinds.Length == 0)
        {
            problems.Add(DefinitionCodes.KindMissing, id, $"the task {Excerpt.Of(id.Text)} does nothing; give it one of {string.Join(", ", Kinds)}");
            return;
        }

        var ordered = kinds.Select(kind => fields.Key(kind)!).OrderBy(key => key.Start).ToArray();
        problems.Add(
            DefinitionCodes.KindSeveral,
            ordered[1],
            $"the task {Excerpt.Of(id.Text)} has {string.Join(" and ", ordered.Select(key => $"`{key.Text}`"))}; a task does one thing");
    }

    /// <summary>Refuses keys of other kinds that the model of this kind has no place for.</summary>
    private void RefuseCompanions(MappingFields fields, string kind)
    {
        Refuse("with", "uses", "workflow");
        Refuse("output", "tasks");
        Refuse("schema", "signal");
        Refuse("parent-close", "workflow");

        void Refuse(string key, params ReadOnlySpan<string> kinds)
        {
            if (fields.Key(key) is { } found && !kinds.Contains(kind))
            {
                problems.Add(DefinitionCodes.NotAllowedHere, found, $"`{key}` goes with {string.Join(" and ", kinds.ToArray().Select(k => $"`{k}`"))}, not with `{kind}`");
            }
        }
    }

    private TaskKind.Child ReadChild(MappingFields fields)
    {
        var (name, version) = fields.Text("workflow") is { } text ? SplitVersion(text, fields["workflow"]!) : ("unnamed", null);
        var parentClose = fields.Word("parent-close", LanguageWords.ParentCloses) ?? ParentClose.Cancel;
        return new(name, version, fields.Value("with") ?? Payload.Null, parentClose);
    }

    /// <summary>Splits <c>name@version</c>. No name has an <c>@</c> in it; an expression is kept whole, and the checks refuse it.</summary>
    private (string Name, int? Version) SplitVersion(string text, SourceNode node)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || text.Contains("${{", StringComparison.Ordinal))
        {
            return (text, null);
        }

        var version = text.AsSpan(at + 1);
        if (int.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && version[0] != '+')
        {
            return (text[..at], number);
        }

        var isWhole = version.Length > 0 && version.IndexOfAnyExceptInRange('0', '9') < 0;
        problems.Add(
            isWhole ? DefinitionCodes.OutOfRange : DefinitionCodes.BadValue,
            node,
            $"{Excerpt.Of(text)} must be `name` or `name@version`, the version a whole number{(isWhole ? " below 2,147,483,648" : "")}");
        return (text[..at], null);
    }

    private TaskKind ReadGroup(MappingFields fields) =>
        fields.Mapping("tasks") is { } mapping
            ? new TaskKind.Group(tasks.ReadAll(mapping), fields.Value("output"))
            : TaskKind.Unreadable.Instance;

    private TaskKind ReadSwitch(MappingFields fields)
    {
        if (fields.List("switch") is not { } items)
        {
            return TaskKind.Unreadable.Instance;
        }

        var cases = ImmutableArray.CreateBuilder<SwitchCase>(items.Count);
        foreach (var item in items)
        {
            // If an unreadable case were dropped, every need of it would be an error too.
            if (fields.MappingOf(item, "switch") is not { } mapping || ReadCase(mapping) is not { } read)
            {
                return TaskKind.Unreadable.Instance;
            }

            cases.Add(read);
        }

        return new TaskKind.Switch(cases.DrainToImmutable());
    }

    private SwitchCase? ReadCase(SourceMapping mapping)
    {
        var fields = new MappingFields(mapping, CaseKeys, problems);
        if (!fields.Has("case"))
        {
            problems.Add(DefinitionCodes.MissingKey, mapping.Start, "a case needs `case`, its label");
        }

        return fields.Text("case") is { } label ? new(label, fields.Text("if")) : null;
    }
}
