using System.Text;
using Microsoft.Extensions.Configuration;

namespace ActorFlow.Configuration.Tests;

public sealed class OptionsReaderTests
{
    private readonly SampleOptions _options = new();

    [Fact]
    public void Every_type_is_read()
    {
        Good("""
            { "name": "a", "isOn": true, "count": 2, "bytes": 5000000000, "interval": "30s", "day": "friday",
              "names": ["x"], "slots": { "gpu": 3 }, "inner": { "depth": 4 } }
            """);

        Assert.Equal(("a", true, 2, 5_000_000_000), (_options.Name, _options.IsOn, _options.Count, _options.Bytes));
        Assert.Equal((TimeSpan.FromSeconds(30), DayOfWeek.Friday, 4), (_options.Interval, _options.Day, _options.Inner.Depth));
    }

    [Fact]
    public void A_configured_list_or_dictionary_replaces_the_default()
    {
        Good("""{ "names": ["x"], "slots": { "gpu": 3 } }""");

        Assert.Equal(["x"], _options.Names);
        Assert.Equal([KeyValuePair.Create("gpu", 3)], _options.Slots);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("""{ "Name": null, "Count": null, "Names": null, "Slots": null, "Inner": null }""")]
    [InlineData("""{ "Slots": { }, "Inner": { } }""")]
    public void What_is_not_given_keeps_its_default(string json)
    {
        Good(json);

        Assert.Equal(("sample", 1, 1), (_options.Name, _options.Count, _options.Inner.Depth));
        Assert.Equal(["one", "two"], _options.Names);
        Assert.Equal(8, _options.Slots["default"]);
    }

    [Fact]
    public void An_empty_list_is_empty()
    {
        Good("""{ "Names": [] }""");

        Assert.Empty(_options.Names);
    }

    [Fact]
    public void A_list_of_a_file_is_replaced_by_a_text_with_commas()
    {
        Good("""{ "Names": ["a", "b", "c"] }""", ("Sample:Names", "x, y"));

        Assert.Equal(["x", "y"], _options.Names);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("1h30m", 5_400)]
    [InlineData("PT5M", 300)]
    [InlineData("0", 0)]
    [InlineData("00:00:10", 10)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData(" 10s ", 10)]
    public void A_duration_is_written_as_in_the_language_or_as_in_NET(string text, int seconds)
    {
        Assert.Empty(Read("{ }", ("Sample:Interval", text)).Problems);
        Assert.Equal(TimeSpan.FromSeconds(seconds), _options.Interval);
    }

    [Theory]
    [InlineData("Interval", "10", "Sample:Interval must be a duration such as 10s or 00:00:10, 10ms to 1d; it is '10'.")]
    [InlineData("Interval", "soon", "Sample:Interval must be a duration such as 10s or 00:00:10, 10ms to 1d; it is 'soon'.")]
    [InlineData("Count", "many", "Sample:Count must be a whole number, 1 to 10; it is 'many'.")]
    [InlineData("Count", "99999999999", "Sample:Count must be a whole number, 1 to 10; it is '99999999999'.")]
    [InlineData("Count", "1.5", "Sample:Count must be a whole number, 1 to 10; it is '1.5'.")]
    [InlineData("Count", "", "Sample:Count must be a whole number, 1 to 10; it is ''.")]
    [InlineData("Bytes", "1k", "Sample:Bytes must be a whole number, 1 or more; it is '1k'.")]
    [InlineData("IsOn", "yes", "Sample:IsOn must be true or false; it is 'yes'.")]
    [InlineData("Day", "Fryday", "Sample:Day must be Sunday, Monday, Tuesday, Wednesday, Thursday, Friday or Saturday (did you mean Friday?); it is 'Fryday'.")]
    [InlineData("Day", "5", "Sample:Day must be Sunday, Monday, Tuesday, Wednesday, Thursday, Friday or Saturday; it is '5'.")]
    [InlineData("Slots:default", "x", "Sample:Slots:default must be a whole number, 1 or more; it is 'x'.")]
    [InlineData("Slots", "5", "Sample:Slots must be a section of numbers by name, such as Sample:Slots:default; it is a value.")]
    [InlineData("Inner", "Password=x", "Sample:Inner is a section of settings, and cannot have a value of its own.")]
    [InlineData("Count:0", "1", "Sample:Count must be one value; it is a section or a list.")]
    [InlineData("Names:first", "1", "Sample:Names:first is not known: the elements of Sample:Names are numbered from 0.")]
    [InlineData("Names:0:0", "1", "Sample:Names:0 must be a text.")]
    [InlineData("Cuont", "1", "Sample:Cuont is not known; did you mean Sample:Count?")]
    [InlineData("Inner:Dept", "1", "Sample:Inner:Dept is not known; did you mean Sample:Inner:Depth?")]
    [InlineData("Unheard-of", "1", "Sample:Unheard-of is not known.")]
    public void What_is_wrong_is_one_line_with_the_full_key(string key, string value, string expected) =>
        Assert.Equal([expected], Read("{ }", ($"Sample:{key}", value)).Problems);

    [Fact]
    public void All_that_is_wrong_is_said_at_once_unknown_keys_first()
    {
        var read = Read("""{ "Count": "x", "Nmae": "a", "IsOn": "maybe", "Name": "good" }""");

        Assert.Equal(3, read.Problems.Count);
        Assert.StartsWith("Sample:Nmae is not known", read.Problems[0], StringComparison.Ordinal);
        Assert.Equal("good", _options.Name);
    }

    [Fact]
    public void An_unknown_section_may_be_somebody_elses()
    {
        var read = Read("""{ "Iner": { "Depth": 1, "Other": 2 } }""");

        Assert.Empty(read.Problems);
        Assert.Equal([new UnknownSection("Sample:Iner", "Sample:Iner is not known; did you mean Sample:Inner?")], read.UnknownSections);
    }

    private void Good(string json, params (string Key, string Value)[] over)
    {
        var read = Read(json, over);
        Assert.Empty(read.Problems);
        Assert.Empty(read.UnknownSections);
    }

    private OptionsReading Read(string json, params (string Key, string Value)[] over)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Sample": {{json}} }"""));
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(file)
            .AddInMemoryCollection(over.Select(entry => KeyValuePair.Create<string, string?>(entry.Key, entry.Value)))
            .Build();
        return OptionsReader.Read(configuration.GetSection("Sample"), _options);
    }
}
