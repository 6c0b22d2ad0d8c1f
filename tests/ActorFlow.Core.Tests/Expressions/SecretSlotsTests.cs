using System.Collections.Immutable;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class SecretSlotsTests
{
    [Fact]
    public void A_secret_stays_outside_the_value_and_its_place_is_recorded()
    {
        var result = Evaluate("""{"h":"Bearer ${{ secrets.TOKEN }}","k":"${{ secrets.KEY }}"}""");

        Assert.Equal("""{"h":"Bearer ","k":""}""", result.Value.ToString());
        Assert.Equal(new SecretSlot[] { new("/h", 7, "TOKEN"), new("/k", 0, "KEY") }, result.Secrets.ToArray());
    }

    [Theory]
    [InlineData("\"${{ secrets.A }}\"", "\"<A>\"")]
    [InlineData("\"${{ secrets.A }}${{ secrets.B }}\"", "\"<A><B>\"")]
    [InlineData("""{"a":["x${{ input }}${{ secrets.A }}y${{ secrets['b c'] }}z"]}""", """{"a":["x12<A>y<b c>z"]}""")]
    [InlineData("""{"a/b":{"~":"${{ secrets.A }}"},"n":1.50}""", """{"a/b":{"~":"<A>"},"n":1.50}""")]
    [InlineData("""{"a":"\uD83D\uDE00 ${{ secrets.A }}"}""", """{"a":"\uD83D\uDE00 <A>"}""")]
    [InlineData("""{"a":"${{ input }}"}""", """{"a":12}""")]
    public void Filling_puts_each_secret_into_its_slot(string template, string json)
    {
        var (value, secrets) = Evaluate(template);

        Assert.Equal(Payload.Parse(json).ToString(), SecretSlots.Fill(value, secrets, name => $"<{name}>").ToString());
    }

    [Fact]
    public void A_secret_with_quotes_stays_one_string()
    {
        var (value, secrets) = Evaluate("\"${{ secrets.A }}\"");

        Assert.Equal("\"\\", SecretSlots.Fill(value, secrets, _ => "\"\\").To<string>());
    }

    [Fact]
    public void Data_that_looks_like_a_placeholder_is_data()
    {
        var result = Template.ParseText("${{ input }}").Evaluate(Scope.WithInput("\"${{ secrets.A }}\""), "t.with");

        Assert.Empty(result.Secrets);
        Assert.Equal("\"${{ secrets.A }}\"", result.Value.ToString());
    }

    [Theory]
    [InlineData("/b", 0)]
    [InlineData("/n", 0)]
    [InlineData("/a", 4)]
    [InlineData("", 0)]
    public void A_slot_that_does_not_fit_is_refused(string pointer, int offset) =>
        Assert.Throws<ArgumentException>(() =>
            SecretSlots.Fill(Payload.Parse("""{"a":"abc","n":1}"""), [new(pointer, offset, "A")], name => name));

    [Fact]
    public void Without_slots_the_value_is_given_back()
    {
        var value = Payload.Parse("[1]");

        Assert.Same(value, SecretSlots.Fill(value, ImmutableArray<SecretSlot>.Empty, name => name));
    }

    private static TemplateResult Evaluate(string template) => Template.Parse(Payload.Parse(template)).Evaluate(Scope.WithInput("12"), "t.with");
}
