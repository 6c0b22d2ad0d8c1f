using System.Globalization;
using System.Text.Json;

namespace ActorFlow.Core.Schemas;

/// <summary>A JSON number, exact where <see cref="decimal"/> holds it (28 digits), else as a double.</summary>
internal readonly struct JsonNumber : IComparable<JsonNumber>
{
    private readonly decimal _exact;
    private readonly bool _isExact;
    private readonly double _value;

    private JsonNumber(JsonElement element)
    {
        Text = element.GetRawText();
        _value = double.Parse(Text, CultureInfo.InvariantCulture);

        // A decimal would quietly round to zero what it cannot hold.
        _isExact = Math.Abs(_value) is 0 or (>= 1e-9 and <= 1e18) && element.TryGetDecimal(out _exact);
    }

    public string Text { get; }

    public bool IsPositive => _value > 0;

    public bool IsInteger => _isExact ? decimal.IsInteger(_exact) : double.IsInteger(_value) || double.IsInfinity(_value);

    public static JsonNumber Of(JsonElement element) => new(element);

    public int CompareTo(JsonNumber other) =>
        _isExact && other._isExact ? _exact.CompareTo(other._exact) : _value.CompareTo(other._value);

    /// <summary>Whether this is a whole multiple; of doubles within the error of their division.</summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (_isExact && divisor._isExact && divisor._exact != 0)
        {
            return _exact % divisor._exact == 0;
        }

        var quotient = _value / divisor._value;
        return double.IsFinite(quotient) && Math.Abs(quotient - Math.Round(quotient)) <= Math.Abs(quotient) * 1e-15;
    }
}
