using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Configuration;

/// <summary>
/// The values that a setting may have, both ends included: of a number, a duration, or each value of a dictionary of numbers. What
/// lies outside is one line with the full key, the range and the value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingRangeAttribute : ValidationAttribute
{
    private readonly string _least;
    private readonly string _most;

    /// <summary>A range of whole numbers.</summary>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value; the default means that there is none.</param>
    public SettingRangeAttribute(long least, long most = long.MaxValue)
    {
        (Least, Most) = (least, most);
        (_least, _most) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A range of durations.</summary>
    /// <param name="least">The shortest duration, as the language writes it: <c>10ms</c>.</param>
    /// <param name="most">The longest duration, as the language writes it: <c>1d</c>.</param>
    public SettingRangeAttribute(string least, string most)
    {
        (Least, Most) = (TicksOf(least), TicksOf(most));
        (_least, _most) = (least, most);
    }

    /// <summary>The least value: a number, or the ticks of a duration.</summary>
    public long Least { get; }

    /// <summary>The greatest value: a number, or the ticks of a duration.</summary>
    public long Most { get; }

    /// <summary>The range in words: <c>1 to 16</c>, <c>1 or more</c>, <c>10ms to 1d</c>.</summary>
    public string Words => Most == long.MaxValue ? $"{_least} or more" : $"{_least} to {_most}";

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        // The generated validators join the name of the options and that of the property by a dot.
        var key = validationContext.DisplayName.Replace('.', ':');
        var failures = value switch
        {
            IDictionary<string, int> entries => string.Join(' ', entries.Select(entry => Failure($"{key}:{entry.Key}", entry.Value)).OfType<string>()),
            TimeSpan duration => Failure(key, duration),
            IConvertible number => Failure(key, number.ToInt64(CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException($"{key} is neither a number nor a duration."),
        };
        return string.IsNullOrEmpty(failures) ? ValidationResult.Success : new ValidationResult(failures);
    }

    private static long TicksOf(string duration) =>
        Duration.TryParse(duration, out var value) ? value.Ticks : throw new ArgumentException($"'{duration}' is no duration.", nameof(duration));

    private string? Failure(string key, long value) =>
        Contains(value) ? null : $"{key} must {Requirement}; it is {value.ToString(CultureInfo.InvariantCulture)}.";

    private string? Failure(string key, TimeSpan value) =>
        Contains(value.Ticks) ? null : $"{key} must {Requirement}; it is {SettingText.Of(value)}.";

    private string Requirement => Most == long.MaxValue ? $"be {_least} or more" : $"lie between {_least} and {_most}";

    private bool Contains(long value) => value >= Least && value <= Most;
}
