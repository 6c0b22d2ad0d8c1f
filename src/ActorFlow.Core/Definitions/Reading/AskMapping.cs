namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads the key <c>ask</c>.</summary>
internal static class AskMapping
{
    internal static readonly string[] Keys = ["kind", "prompt", "options", "assignees", "schema", "default"];

    public static TaskKind Read(MappingFields outer, ProblemList problems)
    {
        if (outer.Mapping("ask") is not { } mapping)
        {
            return TaskKind.Unreadable.Instance;
        }

        var fields = new MappingFields(mapping, Keys, problems);
        Require("kind", "the sort of answer");
        Require("prompt", "the question");
        var kind = fields.Word("kind", LanguageWords.AskKinds);
        return new TaskKind.Ask(
            kind ?? Assumed(fields),
            fields.Text("prompt") ?? "",
            fields.Value("options"),
            fields.Value("assignees"),
            fields.Value("schema"),
            fields.Value("default") is { } value && kind is not null ? value : null);

        void Require(string key, string meaning)
        {
            if (!fields.Has(key))
            {
                problems.Add(DefinitionCodes.MissingKey, mapping.Start, $"`ask` needs `{key}`, {meaning}");
            }
        }
    }

    /// <summary>The kind to assume where the written kind is wrong: one for which the other keys are valid.</summary>
    private static AskKind Assumed(MappingFields fields) => fields.Has("options") ? AskKind.Choice : AskKind.Text;
}
