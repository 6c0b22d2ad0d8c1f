using System.Globalization;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks numbers, durations and names against their ranges and forms.</summary>
internal sealed class LimitsCheck(Findings findings)
{
    private const int LowestPriority = 0;
    private const int HighestPriority = 9;
    private const int MostCheckpoints = 100;

    public void Positive(long? value, DefinitionPath path)
    {
        if (value <= 0)
        {
            findings.Error(DefinitionCodes.NonPositive, path, string.Create(CultureInfo.InvariantCulture, $"must be 1 or more, not {value}"));
        }
    }

    public void Positive(TimeSpan? value, DefinitionPath path)
    {
        if (value <= TimeSpan.Zero)
        {
            findings.Error(DefinitionCodes.NonPositive, path, "must be longer than zero");
        }

        AtMost(value, path);
    }

    public void NotNegative(TimeSpan? value, DefinitionPath path)
    {
        if (value < TimeSpan.Zero)
        {
            findings.Error(DefinitionCodes.NonPositive, path, "must not be negative");
        }

        AtMost(value, path);
    }

    public void Priority(int? value, DefinitionPath path)
    {
        if (value is < LowestPriority or > HighestPriority)
        {
            findings.Error(DefinitionCodes.OutOfRange, path, "must be from 0, the lowest, to 9, the highest");
        }
    }

    /// <summary>Checks when checkpoints are taken, and how many are kept.</summary>
    public void Checkpoint(WorkflowDefinition definition, DefinitionPath path)
    {
        Positive(definition.CheckpointEvery, path["every"]);
        Positive(definition.CheckpointInterval, path["interval"]);
        Positive(definition.CheckpointKeep, path["keep"]);
        if (definition.CheckpointKeep > MostCheckpoints)
        {
            findings.Error(DefinitionCodes.OutOfRange, path["keep"], $"must be at most {MostCheckpoints}");
        }
    }

    public void WorkflowName(string name, DefinitionPath path)
    {
        if (!Identifiers.IsWorkflowName(name))
        {
            findings.Error(
                DefinitionCodes.BadName,
                path,
                $"{Excerpt.Of(name)} is no workflow name: a small letter or digit, then small letters, digits, `.`, `_` or `-`, 100 at most");
        }
    }

    /// <summary>Checks the name of a handler, a queue, a signal or an error type.</summary>
    public void HandlerName(string? name, DefinitionPath path)
    {
        if (name is null || NoExpression(name, path) is false)
        {
            return;
        }

        if (!Identifiers.IsHandlerName(name))
        {
            findings.Error(DefinitionCodes.BadName, path, $"{Excerpt.Of(name)} is no name: 1 to {Identifiers.MaxHandlerLength} characters without blanks");
        }
    }

    /// <summary>Refuses an expression where only a literal may stand.</summary>
    /// <returns>Whether there is none.</returns>
    public bool NoExpression(string? text, DefinitionPath path)
    {
        if (text?.Contains("${{", StringComparison.Ordinal) != true)
        {
            return true;
        }

        findings.Error(DefinitionCodes.ExpressionNotAllowed, path, "takes no expression, only literal text");
        return false;
    }

    public void Retry(RetryDefinition? retry, DefinitionPath path)
    {
        if (retry is null)
        {
            return;
        }

        Positive(retry.MaxAttempts, path["max-attempts"]);
        NotNegative(retry.Initial, path["initial"]);
        NotNegative(retry.Max, path["max"]);
        if (retry.Factor is { } factor && !(factor >= 1 && double.IsFinite(factor)))
        {
            findings.Error(DefinitionCodes.OutOfRange, path["factor"], "must be 1 or more");
        }

        if (retry.Jitter is { } jitter && !(jitter is >= 0 and <= 1))
        {
            findings.Error(DefinitionCodes.OutOfRange, path["jitter"], "must be from 0 to 1");
        }

        foreach (var type in retry.NonRetryable ?? [])
        {
            HandlerName(type, path["non-retryable"].ElementOf(type));
        }
    }

    /// <summary>Refuses a first wait that is longer than the longest wait, where both are written in the task or in the defaults.</summary>
    public void RetryWaits(RetryDefinition? retry, RetryDefinition? defaults, DefinitionPath path)
    {
        if (retry is { Initial: null, Max: null } or null
            || (retry.Initial ?? defaults?.Initial) is not { } initial || (retry.Max ?? defaults?.Max) is not { } max || initial <= max)
        {
            return;
        }

        var (mine, other) = retry.Initial is not null ? ("initial", "max") : ("max", "initial");
        var inDefaults = retry.Initial is null || retry.Max is null ? $"the {other} of `defaults`" : $"`{other}`";
        findings.Error(
            DefinitionCodes.RetryContradiction,
            path[mine],
            $"`{mine}` ({Duration.Format(mine == "max" ? max : initial)}) is {(mine == "max" ? "shorter" : "longer")} than {inDefaults} ({Duration.Format(mine == "max" ? initial : max)})");
    }

    private void AtMost(TimeSpan? value, DefinitionPath path)
    {
        if (value > Duration.Max)
        {
            findings.Error(DefinitionCodes.OutOfRange, path, "must be at most 36500d");
        }
    }
}
