using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using ActorFlow.Core.Payloads;
using CsCheck;

namespace ActorFlow.Core.Tests.Payloads;

public sealed class JsonNumberTests
{
    /// <summary>A number as JSON writes it, and its exact value as a fraction.</summary>
    private static readonly Gen<(string Text, BigInteger Numerator, BigInteger Denominator)> Numbers =
        Gen.Select(Gen.Bool, Gen.Char['0', '9'].Array[1, 25], Gen.Char['0', '9'].Array[0, 25], Gen.Int[-40, 40], Gen.Bool).Select((negative, whole, fraction, exponent, isShort) =>
        {
            var digits = new string(whole).TrimStart('0') is { Length: > 0 } some ? (isShort ? some[..1] : some) : "0";
            var after = isShort ? new string(fraction).TrimEnd('7')[..Math.Min(2, new string(fraction).TrimEnd('7').Length)] : new string(fraction);
            var text = $"{(negative ? "-" : "")}{digits}{(after.Length > 0 ? "." + after : "")}{(exponent != 0 ? $"{(isShort ? "E+" : "e")}{exponent}".Replace("+-", "-", StringComparison.Ordinal) : "")}";
            var all = BigInteger.Parse(digits + after, CultureInfo.InvariantCulture) * (negative ? -1 : 1);
            var power = exponent - after.Length;
            return power >= 0 ? (text, all * BigInteger.Pow(10, power), BigInteger.One) : (text, all, BigInteger.Pow(10, -power));
        });

    [Fact]
    public void Numbers_compare_as_their_exact_values_do() => Gen.Select(Numbers, Numbers).Sample(
        (left, right) => Math.Sign(Of(left.Text).CompareTo(Of(right.Text)))
            == (left.Numerator * right.Denominator).CompareTo(right.Numerator * left.Denominator), iter: 20_000);

    [Fact]
    public void Whole_numbers_and_multiples_are_those_of_their_exact_values() => Gen.Select(Numbers, Numbers).Sample((value, divisor) =>
    {
        var isWhole = (value.Numerator % value.Denominator).IsZero;
        var (dividend, by) = (value.Numerator * divisor.Denominator, value.Denominator * BigInteger.Abs(divisor.Numerator));
        return Of(value.Text).IsInteger == isWhole
            && (by.IsZero || Of(value.Text).IsMultipleOf(Of(divisor.Text.TrimStart('-'))) == (dividend % by).IsZero);
    }, iter: 20_000);

    [Fact]
    public void The_same_value_written_otherwise_is_equal_and_has_the_same_hash() => Gen.Select(Numbers, Gen.Int[0, 30]).Sample((number, zeros) =>
    {
        var (other, otherText) = Rewritten(number.Text, zeros);
        return Of(number.Text).Equals(Of(otherText)) && Of(number.Text).GetHashCode() == Of(otherText).GetHashCode() && other;
    }, iter: 10_000);

    [Theory]
    [InlineData("1e999999999999", "1e999999999998", 1)]
    [InlineData("1e999999999999", "-1e9999999999999", 1)]
    [InlineData("10e999999999999999999999", "1e1000000000000000000000", 0)]
    [InlineData("1e-999999999999999999999", "0.1e-999999999999999999998", 0)]
    [InlineData("100e999999999999999999", "1e1000000000000000001", 0)]
    [InlineData("1e1000000000000000000", "1000e999999999999999997", 0)]
    [InlineData("0.001e1000000000000000001", "1e999999999999999998", 0)]
    [InlineData("1e-1000000000000000000", "1e-999999999999999999", -1)]
    [InlineData("0e999999999999999999999", "-0.0", 0)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("9223372036854775807.5", "9223372036854775807", 1)]
    public void No_exponent_and_no_length_is_too_much(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(Of(left).CompareTo(Of(right))));
        Assert.Equal(-order, Math.Sign(Of(right).CompareTo(Of(left))));
        Assert.Equal(order == 0, Of(left).GetHashCode() == Of(right).GetHashCode());
    }

    [Fact]
    public void Equality_never_throws_and_looks_at_the_value()
    {
        Assert.True(Same("""{"a":[1,2.50],"b":"\u0061"}""", """{"b":"a","a":[1.0,25e-1]}"""));
        Assert.False(Same("[1,2]", "[2,1]"));
        Assert.False(Same("[1]", "[1,1]"));
        Assert.False(Same("""{"a":1}""", """{"a":1,"b":1}"""));
        Assert.False(Same("""{"a":1}""", """{"b":1}"""));
        Assert.False(Same("\"1\"", "1"));
        Assert.False(Same("true", "false"));
        Assert.False(Same("1e999999999999", "1"));
        Assert.True(Same("1e999999999999", "10e999999999998"));
        Assert.False(Same("\"\\ud800\"", "\"\\ud801\""));
        Assert.True(Same("\"\\ud800\"", "\"\\ud800\""));
        Assert.True(Same("""{"a":1,"a":2}""", """{"a":2}"""));
    }

    private static bool Same(string left, string right)
    {
        var (one, other) = (JsonElement.Parse(left), JsonElement.Parse(right));
        var same = JsonEquality.Instance.Equals(one, other);
        Assert.Equal(same, JsonEquality.Instance.GetHashCode(one) == JsonEquality.Instance.GetHashCode(other));
        return same;
    }

    private static (bool IsOther, string Text) Rewritten(string text, int zeros)
    {
        var (mantissa, exponent) = text.Split('e', 'E') is [var before, var after] ? (before, int.Parse(after, CultureInfo.InvariantCulture)) : (text, 0);
        var moved = (mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".") + new string('0', zeros + 1);
        return (moved.Length > mantissa.Length, moved.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0') is { Length: > 0 } digits
            ? $"{(text[0] == '-' ? "-" : "")}{digits}e{exponent - (moved.Length - moved.IndexOf('.', StringComparison.Ordinal) - 1)}"
            : "0");
    }

    private static JsonNumber Of(string text) => JsonNumber.Of(Encoding.ASCII.GetBytes(text));
}
