
namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads how a task is retried, repeated and compensated.</summary>
internal static class PolicyMapping
{
    internal static readonly string[] RetryKeys = ["max-attempts", "backoff", "initial", "max", "factor", "jitter", "non-retryable"];
    internal static readonly string[] RepeatKeys = ["while", "until", "max", "delay"];
    internal static readonly string[] CompensateKeys = ["uses", "with"];

    public static RetryDefinition? ReadRetry(MappingFields outer, ProblemList problems)
    {
        if (outer.Mapping("retry") is not { } mapping)
        {
            return null;
        }

        var fields = new MappingFields(mapping, RetryKeys, problems);
        return new()
        {
            MaxAttempts = fields.Integer("max-attempts"),
            Backoff = fields.Word("backoff", LanguageWords.Backoffs),
            Initial = fields.Duration("initial"),
            Max = fields.Duration("max"),
            Factor = fields.Number("factor"),
            Jitter = fields.Number("jitter"),
            NonRetryable = fields.List("non-retryable", orOne: true) is { } types
                ? [.. types.Select(type => fields.TextOf(type, "non-retryable")).OfType<string>()]
                : null,
        };
    }

    public static RepeatDefinition? ReadRepeat(MappingFields outer, ProblemList problems)
    {
        if (outer.Mapping("repeat") is not { } mapping)
        {
            return null;
        }

        var fields = new MappingFields(mapping, RepeatKeys, problems);
        if (fields.Has("while") == fields.Has("until"))
        {
            var what = fields.Has("while") ? "both `while` and `until`" : "neither `while` nor `until`";
            problems.Add(DefinitionCodes.RepeatCondition, mapping.Start, $"`repeat` takes exactly one condition, and this has {what}");
        }

        var until = !fields.Has("while");
        return new(fields.Text(until ? "until" : "while") ?? "true", until, fields.Integer("max") ?? RepeatDefinition.DefaultMax, fields.Duration("delay"));
    }

    public static Compensation? ReadCompensation(MappingFields outer, ProblemList problems)
    {
        if (outer.Mapping("compensate") is not { } mapping)
        {
            return null;
        }

        var fields = new MappingFields(mapping, CompensateKeys, problems);
        if (!fields.Has("uses"))
        {
            problems.Add(DefinitionCodes.MissingKey, mapping.Start, "`compensate` needs `uses`, the handler that undoes the task");
        }

        return new(fields.Text("uses") ?? "unnamed", fields.Value("with") ?? Payload.Null);
    }
}
