using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>
/// A JSON number, exact whatever its length and exponent: <c>0.DIGITS · 10^point</c>, its digits without zeros at either end.
/// A view of its text; nothing is copied.
/// </summary>
internal readonly ref struct JsonNumber
{
    /// <summary>The digits that one long always holds.</summary>
    private const int LongDigits = 18;

    /// <summary>Digits read at once: quicker than one by one, and than all at once.</summary>
    private const int ChunkDigits = 512;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly DecimalExponent _point;
    private readonly bool _isNegative;

    private JsonNumber(ReadOnlySpan<byte> text)
    {
        Text = text;
        _isNegative = text[0] == '-';
        var rest = _isNegative ? text[1..] : text;
        var exponent = rest.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponent < 0 ? rest : rest[..exponent];
        var dot = mantissa.IndexOf((byte)'.');
        _whole = (dot < 0 ? mantissa : mantissa[..dot]).TrimStart((byte)'0');
        _fraction = dot < 0 ? [] : mantissa[(dot + 1)..].TrimEnd((byte)'0');
        var shift = _whole.Length;
        if (_whole.IsEmpty)
        {
            var digits = _fraction.TrimStart((byte)'0');
            shift = digits.Length - _fraction.Length;
            _fraction = digits;
        }

        if (_fraction.IsEmpty)
        {
            _whole = _whole.TrimEnd((byte)'0');
        }

        _point = DecimalExponent.Of(exponent < 0 ? [] : rest[(exponent + 1)..], shift);
    }

    /// <summary>The number as it was written.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>How many digits it has from the first to the last that is not zero; zero has 0.</summary>
    public int Digits => _whole.Length + _fraction.Length;

    public bool IsZero => Digits == 0;

    public bool IsPositive => !IsZero && !_isNegative;

    public bool IsInteger => IsZero || _point.Size >= Digits;

    /// <param name="element">A number.</param>
    public static JsonNumber Of(JsonElement element) => new(JsonMarshal.GetRawUtf8Value(element));

    /// <param name="text">A number as JSON writes it.</param>
    public static JsonNumber Of(ReadOnlySpan<byte> text) => new(text);

    public int CompareTo(JsonNumber other)
    {
        var (sign, otherSign) = (Sign, other.Sign);
        return sign != otherSign ? sign.CompareTo(otherSign) : sign * CompareSizeTo(other);
    }

    public bool Equals(JsonNumber other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => false;

    /// <summary>A hash that is the same for numbers of the same value, however they are written.</summary>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        if (!IsZero)
        {
            hash.Add(_isNegative);
            hash.Add(_point);
            var chunk = 0L;
            for (var i = 0; i < Digits; i++)
            {
                chunk = (chunk * 10) + Digit(i);
                if ((i + 1) % LongDigits == 0)
                {
                    hash.Add(chunk);
                    chunk = 0;
                }
            }

            hash.Add(chunk);
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/>, which must be positive, with an exponent that a long holds.</summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (IsZero)
        {
            return true;
        }

        // Both are whole numbers without trailing zeros, times a power of ten.
        var tens = _point.Size - Digits - (divisor._point.Size - divisor.Digits);
        if (tens < 0)
        {
            return false;
        }

        // More tens than the divisor has factors of two or five change nothing.
        var whole = divisor.RemainderOf(null);
        return (RemainderOf(whole) * BigInteger.ModPow(10, BigInteger.Min(tens, whole.GetBitLength()), whole) % whole).IsZero;
    }

    /// <summary>A text that is the same for numbers of the same value.</summary>
    public string ToCanonicalText() => IsZero
        ? "0"
        : $"{(_isNegative ? "-" : "")}{Encoding.ASCII.GetString(_whole)}{Encoding.ASCII.GetString(_fraction)}e{_point}";

    private int Sign => IsZero ? 0 : _isNegative ? -1 : 1;

    private int Digit(int index) => (index < _whole.Length ? _whole[index] : _fraction[index - _whole.Length]) - '0';

    private int CompareSizeTo(JsonNumber other)
    {
        if (_point.CompareTo(other._point) is var order and not 0)
        {
            return order;
        }

        var shared = Math.Min(Digits, other.Digits);
        for (var i = 0; i < shared; i++)
        {
            if (Digit(i) != other.Digit(i))
            {
                return Digit(i).CompareTo(other.Digit(i));
            }
        }

        return Digits.CompareTo(other.Digits);
    }

    /// <summary>The digits as a whole number, or its remainder by a divisor.</summary>
    private BigInteger RemainderOf(BigInteger? divisor)
    {
        var rest = BigInteger.Zero;
        foreach (var part in (string[])[Encoding.ASCII.GetString(_whole), Encoding.ASCII.GetString(_fraction)])
        {
            for (var at = 0; at < part.Length; at += ChunkDigits)
            {
                var chunk = part.AsSpan(at, Math.Min(ChunkDigits, part.Length - at));
                rest = (rest * BigInteger.Pow(10, chunk.Length)) + BigInteger.Parse(chunk, NumberStyles.None, CultureInfo.InvariantCulture);
                rest = divisor is { } by ? rest % by : rest;
            }
        }

        return rest;
    }
}
