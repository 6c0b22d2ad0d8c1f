using ActorFlow.Runtime.Tasks.Secrets;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("""{"a":"x hunter22 y"}""", """{"a":"x *** y"}""")]
    [InlineData("""["hunter22","hunter22hunter22"]""", """["***","******"]""")]
    [InlineData("""{"hunter22":1}""", """{"***":1}""")]
    [InlineData("""{"n":[{"deep":"hunter22"}],"t":true,"z":null,"f":1.50}""", """{"n":[{"deep":"***"}],"t":true,"z":null,"f":1.50}""")]
    [InlineData("\"quo\\\"te\\\\d\"", "\"***\"")]
    [InlineData("1123456789", "\"1***\"")]
    [InlineData("\"hunter2\"", "\"hunter2\"")]
    public void Failure_25_secrets_are_masked_wherever_they_stand_in_a_value(string value, string masked)
    {
        var mask = new SecretMask(["hunter22", "quo\"te\\d", "123456789"]);

        Assert.Equal(masked, mask.Apply(Payload.Parse(value)).ToString());
    }

    [Fact]
    public void What_holds_no_secret_is_given_back_as_it_is()
    {
        var mask = new SecretMask(["hunter22"]);
        var value = Payload.Parse("""{"a":["100% \\u00fc\\n",1.50,"a+b%20"]}""");
        var text = "100% innocent \\u00fc \ud800";

        Assert.Same(value, mask.Apply(value));
        Assert.Same(text, mask.Apply(text));
    }

    [Fact]
    public void Of_secrets_that_overlap_nothing_is_left() =>
        Assert.Equal("x***x", new SecretMask(["abcdef", "cdefgh", "def-no"]).Apply("xabcdefghx"));

    [Theory]
    [MemberData(nameof(Shown))]
    public void A_secret_is_found_in_every_form_it_is_shown_in(string shown)
    {
        var mask = new SecretMask([Secret]);

        var text = mask.Apply($"<{shown}>");
        var json = mask.Apply(Payload.From(new Dictionary<string, object> { [$"<{shown}>"] = new[] { $"<{shown}>" } }));

        Assert.Matches("^<[A-Za-z0-9%+/]{0,4}\\*\\*\\*[A-Za-z0-9=%/_-]{0,9}>$", text);
        var masked = Payload.FromString(text).ToString();
        Assert.Equal($"{{{masked}:[{masked}]}}", json.ToString());
    }

    public static TheoryData<string> Shown()
    {
        var data = new TheoryData<string>
        {
            Secret,
            System.Text.Json.JsonSerializer.Serialize(Secret)[1..^1],
            System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonSerializer.Serialize(Secret)[1..^1])[1..^1],
            Payload.FromString(Secret).ToString()[1..^1],
            Secret.Replace("/", "\\/", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
            Uri.EscapeDataString(Secret),
            Uri.EscapeDataString(Secret).ToLowerInvariant().Replace("pa", "Pa", StringComparison.Ordinal),
            Uri.EscapeDataString(Uri.EscapeDataString(Secret)),
            new Uri("http://x/?" + Secret.Replace("#", "%23", StringComparison.Ordinal)).Query[1..],
            System.Net.WebUtility.UrlEncode(Secret),
        };
        foreach (var before in new[] { "", "u", "u:" })
        {
            var base64 = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(before + Secret + "!?"));
            data.Add(base64);
            data.Add(base64.Replace('+', '-').Replace('/', '_').TrimEnd('='));
            data.Add(base64.Insert(base64.Length / 2, "\n"));
            data.Add(Uri.EscapeDataString(base64));
        }

        return data;
    }

    private const string Secret = "Pa ss/w+ü?\"d#>>~~\u00ff";

    [Fact]
    public void Each_line_of_a_secret_is_one()
    {
        var mask = new SecretMask(["first-line\r\nshort\n  second-line\n"]);

        Assert.Equal("a *** b *** short", mask.Apply("a first-line b second-line short"));
        Assert.DoesNotContain(Convert.ToBase64String("second-line"u8)[..12], mask.Apply(Convert.ToBase64String("second-line"u8)));
    }

    [Fact]
    public void A_secret_is_found_deep_down()
    {
        var deep = new string('[', 128) + "\"hunter22\"" + new string(']', 128);

        Assert.Contains("***", new SecretMask(["hunter22"]).Apply(Payload.FromTrustedUtf8(System.Text.Encoding.UTF8.GetBytes(deep))).ToString());
    }

    [Fact]
    public void Without_a_secret_to_mask_nothing_is_allocated()
    {
        var value = Payload.Parse("""{"a":"b"}""");
        var (none, some) = (SecretMask.None, new SecretMask(["hunter22"]));
        Assert.Same(value, some.Apply(none.Apply(value)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ReferenceEquals(value, none.Apply(value)) && ReferenceEquals(value, some.Apply(value)));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Values_shorter_than_6_characters_are_not_masked() =>
        Assert.Equal("12345 ***", new SecretMask(["12345", "123456"]).Apply("12345 123456"));

    [Fact]
    public void The_longer_of_two_secrets_is_masked_whole() =>
        Assert.Equal("***", new SecretMask(["secret", "secret-and-more"]).Apply("secret-and-more"));
}
