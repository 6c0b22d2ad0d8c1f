using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ActorFlow.Core.Schemas;

/// <summary>The limits of one validation. Exceeding one ends the whole validation, with the reason as its error.</summary>
internal sealed class SchemaBudget
{
    /// <summary>The least number of steps. Nested alternatives multiply the work, so it is limited; a large value may take more steps.</summary>
    private const int LeastSteps = 200_000;
    private const int StepsOfByte = 4;

    /// <summary>How deep schemas may nest while they apply, references and parts of the value together.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>The time for all searches for patterns together; only their time can be more than linear in the text.</summary>
    public static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(250);

    // Linear work on this many bytes counts as a step.
    private const int BytesOfStep = 64;

    private long _steps;
    private int _depth;
    private TimeSpan _patternTime;

    /// <param name="size">The bytes of the value to validate.</param>
    public SchemaBudget(int size) => _steps = LeastSteps + ((long)size * StepsOfByte);

    /// <summary>Why the validation ends early; null means that it continues.</summary>
    public string? Reason { get; private set; }

    /// <summary>Counts a step, and the bytes that it reads besides.</summary>
    public void Spend(long bytes = 0)
    {
        _steps -= 1 + (bytes / BytesOfStep);
        if (_steps < 0)
        {
            Reason ??= "the schema has too many alternatives for a value of this size";
        }
    }

    /// <summary>Enters a nested schema; false means that the validation ends.</summary>
    public bool TryEnter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Reason ??= $"the schema and its references nest too deep for this value: {MaxDepth} levels at most";
        }

        return Reason is null;
    }

    public void Leave() => _depth--;

    /// <summary>Searches for a pattern within the time that is left; a search that is given up matches.</summary>
    public bool IsMatch(SchemaPattern pattern, string text)
    {
        Spend(text.Length);
#pragma warning disable RS0030 // It limits work, like the timeout of a regular expression; no rule reads this time.
        var start = Stopwatch.GetTimestamp();
        var isMatch = pattern.IsMatch(text);
        _patternTime += Stopwatch.GetElapsedTime(start);
#pragma warning restore RS0030
        if (isMatch is null || _patternTime > PatternTime / 2)
        {
            Reason ??= $"the patterns of the schema take too long to look for in this value: all searches together may take {PatternTime.TotalMilliseconds} ms";
        }

        return isMatch ?? true;
    }
}
