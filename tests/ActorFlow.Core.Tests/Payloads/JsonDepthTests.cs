using System.Text;
using System.Text.Json;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Tests.Payloads;

public sealed class JsonDepthTests
{
    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    [Theory]
    [InlineData(128, false)]
    [InlineData(129, true)]
    [InlineData(1_000_000, true)]
    public void JSON_of_128_levels_is_taken_and_no_more(int levels, bool refused)
    {
        Assert.Equal(refused, Record.Exception(() => Payload.Parse(Nested(levels))) is JsonTooDeepException);
        Assert.Equal(refused, JsonDepth.IsOver(Encoding.UTF8.GetBytes(Nested(levels))));
    }

    [Fact]
    public void Brackets_in_strings_are_no_levels() =>
        Assert.False(JsonDepth.IsOver(Encoding.UTF8.GetBytes($"[\"{new string('[', 500)}\\\"{new string('{', 500)}\\\\\"]")));

    [Fact]
    public void What_is_stored_is_read_to_1_000_levels()
    {
        using var document = Payload.FromTrustedUtf8(Encoding.UTF8.GetBytes(Nested(1_000))).ToDocument();
        Assert.Equal(JsonValueKind.Array, document.RootElement.ValueKind);
    }

    [Fact]
    public void Objects_deeper_than_64_levels_go_there_and_back()
    {
        var element = Payload.Parse(Nested(100)).To<JsonElement>();
        Assert.Equal(Nested(100), Payload.From(element).ToString());
    }

    [Fact]
    public void An_object_that_holds_itself_is_refused()
    {
        var list = new List<object>();
        list.Add(list);
        Assert.Throws<JsonTooDeepException>(() => Payload.From(list));
    }

    [Theory]
    [InlineData("yaml", 128, true)]
    [InlineData("yaml", 129, false)]
    [InlineData("yaml", 100_000, false)]
    [InlineData("json", 128, true)]
    [InlineData("json", 129, false)]
    [InlineData("json", 500_000, false)]
    public void A_value_in_a_file_has_128_levels(string form, int levels, bool taken)
    {
        var text = form == "json"
            ? "{\"name\":\"x\",\"tasks\":{\"a\":{\"uses\":\"echo\",\"with\":" + Nested(levels) + "}}}"
            : $"name: x\ntasks:\n  a:\n    uses: echo\n    with: {Nested(levels)}\n";
        var read = DefinitionReader.Read(text, "x." + form);
        Assert.Equal(taken ? [] : [DefinitionCodes.TooDeep], read.Errors.Select(error => error.Code));
        Assert.All(read.Errors, error => Assert.NotNull(error.Position));
    }

    [Theory]
    [InlineData("\"😀👨‍👩‍👧\"")]
    [InlineData("{\"😀\":\"🐲\"}")]
    public void Emoji_stay_as_they_are(string json)
    {
        Assert.Equal(json, Payload.Parse(json).ToString());
        Assert.Equal(json, Payload.From(Payload.Parse(json).To<JsonElement>()).ToString());
    }

    [Fact]
    public void Escaped_emoji_are_shown_as_they_are() => Assert.Equal("\"😀\"", Payload.Parse("\"\\ud83d\\ude00\"").ToString());

    [Fact]
    public void What_is_no_text_is_refused()
    {
        Assert.Throws<JsonException>(() => Payload.Parse("\"\ud800\""));
        Assert.Throws<JsonException>(() => Payload.Parse("\"\\ud800\""));
        Assert.Throws<JsonException>(() => Payload.Parse([(byte)'"', 0xFF, (byte)'"']));
        Assert.Throws<JsonException>(() => Payload.FromString("\ud800"));
        Assert.Throws<JsonException>(() => Payload.From(new { a = "x\udc00" }));
        Assert.True(PayloadFault.IsNotText(Payload.FromTrustedUtf8("\"\\uD800\""u8.ToArray())));
        Assert.False(PayloadFault.IsNotText(Payload.FromTrustedUtf8("\"\\uD83D\\uDE00\""u8.ToArray())));
    }
}
