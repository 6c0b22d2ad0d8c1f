using System.Globalization;

namespace NBench.Sdk;

/// <summary>Which average an assertion is about.</summary>
public enum AssertionType
{
    /// <summary>Of totals.</summary>
    Total,

    /// <summary>Of values per second.</summary>
    Throughput,
}

/// <summary>A limit that an average is held against.</summary>
public class Assertion
{
    /// <summary>No limit: anything passes.</summary>
    public static readonly Assertion Empty = new(null, 0, null);

    private readonly MustBe? _condition;
    private readonly double _value;
    private readonly double? _maxValue;

    /// <summary>A limit.</summary>
    /// <param name="condition">How the average relates to it.</param>
    /// <param name="value">The limit.</param>
    /// <param name="maxValue">The upper limit of <see cref="MustBe.Between"/>.</param>
    /// <exception cref="NBenchException">A between without an upper limit.</exception>
    public Assertion(MustBe condition, double value, double? maxValue)
        : this((MustBe?)condition, value, maxValue)
    {
        if (condition == MustBe.Between && maxValue is null)
        {
            throw new NBenchException("Between needs an upper limit.");
        }
    }

    private Assertion(MustBe? condition, double value, double? maxValue) => (_condition, _value, _maxValue) = (condition, value, maxValue);

    /// <summary>Whether a value passes.</summary>
    /// <param name="testValue">The value.</param>
    public bool Test(double testValue) => _condition switch
    {
        null => true,
        MustBe.LessThan => testValue < _value,
        MustBe.LessThanOrEqualTo => testValue <= _value,
        MustBe.GreaterThan => testValue > _value,
        MustBe.GreaterThanOrEqualTo => testValue >= _value,
        MustBe.ExactlyEqualTo => testValue.Equals(_value),
        _ => testValue >= _value && testValue <= _maxValue,
    };

    internal string Describe(string unit) => _condition switch
    {
        null => "be anything",
        MustBe.LessThan => $"must be less than {Number(_value)} {unit}",
        MustBe.LessThanOrEqualTo => $"must be less than or equal to {Number(_value)} {unit}",
        MustBe.GreaterThan => $"must be greater than {Number(_value)} {unit}",
        MustBe.GreaterThanOrEqualTo => $"must be greater than or equal to {Number(_value)} {unit}",
        MustBe.ExactlyEqualTo => $"must be exactly {Number(_value)} {unit}",
        _ => $"must be between {Number(_value)} and {Number(_maxValue!.Value)} {unit}",
    };

    internal static string Number(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);
}
