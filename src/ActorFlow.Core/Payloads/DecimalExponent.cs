using System.Globalization;
using System.Text;

namespace ActorFlow.Core.Payloads;

/// <summary>The exponent of a JSON number, exact even where a <c>long</c> cannot hold it, in time linear in its digits.</summary>
internal readonly struct DecimalExponent : IEquatable<DecimalExponent>
{
    private const int LongDigits = 18;

    /// <summary>From this size on the digits are kept.</summary>
    private const long Huge = 1_000_000_000_000_000_000;

    private readonly string? _digits;

    private DecimalExponent(long size, string? digits = null) => (Size, _digits) = (size, digits);

    /// <summary>The exponent; a huge one is half of the largest or smallest <c>long</c>.</summary>
    public long Size { get; }

    /// <summary>The exponent as written (empty means 0) plus <paramref name="shift"/>.</summary>
    public static DecimalExponent Of(ReadOnlySpan<byte> text, int shift)
    {
        var isNegative = text is [(byte)'-', ..];
        var digits = text.TrimStart("+-"u8).TrimStart((byte)'0');
        if (digits.Length <= LongDigits)
        {
            var size = digits.IsEmpty ? 0 : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            var sum = (isNegative ? -size : size) + shift;
            return sum is > -Huge and < Huge ? new(sum) : OfHuge(Math.Abs(sum).ToString(CultureInfo.InvariantCulture), sum < 0);
        }

        var moved = Add(digits, isNegative ? -shift : shift);
        return moved.Length > LongDigits
            ? OfHuge(moved, isNegative)
            : new((isNegative ? -1 : 1) * long.Parse(moved, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public int CompareTo(DecimalExponent other)
    {
        if (Size != other.Size || _digits is null || other._digits is null)
        {
            return Size.CompareTo(other.Size);
        }

        var order = _digits.Length != other._digits.Length ? _digits.Length.CompareTo(other._digits.Length) : string.CompareOrdinal(_digits, other._digits);
        return Math.Sign(Size) * Math.Sign(order);
    }

    public bool Equals(DecimalExponent other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is DecimalExponent other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Size, _digits);

    public override string ToString() =>
        _digits is null ? Size.ToString(CultureInfo.InvariantCulture) : (Size < 0 ? "-" : "") + _digits;

    private static DecimalExponent OfHuge(string digits, bool isNegative) => new(isNegative ? long.MinValue / 2 : long.MaxValue / 2, digits);

    /// <summary>Adds the amount to the digits of a number that is larger than it.</summary>
    private static string Add(ReadOnlySpan<byte> digits, long amount)
    {
        var sum = ("0" + Encoding.ASCII.GetString(digits)).ToCharArray();
        for (var i = sum.Length - 1; amount != 0; i--)
        {
            var digit = sum[i] - '0' + (amount % 10);
            var carry = digit < 0 ? -1 : digit > 9 ? 1 : 0;
            sum[i] = (char)('0' + digit - (10 * carry));
            amount = (amount / 10) + carry;
        }

        return new string(sum).TrimStart('0');
    }
}
