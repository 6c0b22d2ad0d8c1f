using System.Diagnostics;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Tests.Schemas;

/// <summary>No schema and no value keeps a validation busy. The patience is that of a machine with much else to do.</summary>
public sealed class SchemaBoundsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("""{"anyOf":[{"pattern":"^(?=(a+)+$).*$"},{"type":"string"}]}""")]
    [InlineData("""{"not":{"pattern":"^(?=(a+)+$).*$"}}""")]
    [InlineData("""{"pattern":"^(((a{1,100}){1,100}){1,100})$"}""")]
    public void All_patterns_of_a_validation_share_one_limit(string items)
    {
        var errors = InTime(
            () => JsonSchema.Parse(Payload.Parse($"{{\"items\":{items}}}")), Payload.From(Enumerable.Repeat(new string('a', 3_000) + "!", 60)));
        Assert.Contains("patterns of the schema take too long", errors[0].Message);
    }

    [Fact]
    public void Searches_that_each_end_in_time_share_it_too()
    {
        // Each takes some milliseconds.
        var errors = InTime(() => JsonSchema.Parse(Payload.Parse("""{"items":{"anyOf":[{"pattern":"^(?=(a+)+$).*$"},true]}}""")), Payload.From(Enumerable.Repeat(new string('a', 18) + "!", 20_000)));
        Assert.Contains("patterns of the schema take too long", Assert.Single(errors).Message);
    }

    [Fact]
    public void An_enum_is_looked_up()
    {
        var values = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$"""{"a":{{i}},"b":"x"}"""));
        var schema = new Func<JsonSchema>(() => JsonSchema.Parse(Payload.Parse($"{{\"items\":{{\"enum\":[{values}]}}}}")));
        Assert.Empty(InTime(schema, Payload.From(Enumerable.Range(0, 20_000).Select(i => new { b = "x", a = 19_999.0 - i }))));
        Assert.Equal("/0", Assert.Single(InTime(schema, Payload.From(new[] { new { a = 20_000, b = "x" } }))).Pointer);
    }

    [Fact]
    public void Many_required_names_are_looked_up()
    {
        var names = Enumerable.Range(0, 50_000).Select(i => $"p{i}").ToArray();
        var schema = new Func<JsonSchema>(() => JsonSchema.Parse(Payload.From(new { required = names })));
        Assert.Empty(InTime(schema, Payload.From(names.ToDictionary(name => name, _ => 1))));
        Assert.Contains("p49999", Assert.Single(InTime(schema, Payload.From(names.SkipLast(1).ToDictionary(name => name, _ => 1)))).Message);
    }

    [Fact]
    public void Unique_items_within_unique_items_end()
    {
        var value = new string('[', 60) + string.Join(',', Enumerable.Range(0, 150_000)) + new string(']', 60);
        Assert.Single(InTime(() => JsonSchema.Parse(Payload.Parse("""{"uniqueItems":true,"items":{"$ref":"#"}}""")), Payload.Parse(value)));
    }

    [Fact]
    public void A_large_honest_value_is_checked_whole()
    {
        var schema = JsonSchema.Parse(Payload.Parse("""{"items":{"anyOf":[{"type":"string"},{"type":"null"},{"enum":[0,1]}]}}"""));
        Assert.Empty(schema.Validate(Payload.Parse("[" + string.Join(',', Enumerable.Repeat("1", 500_000)) + "]")));
    }

    [Theory]
    [InlineData("\"$ref\":\"#/$defs/d{0}\"")]
    [InlineData("\"anyOf\":[{{\"allOf\":[{{\"$ref\":\"#/$defs/d{0}\"}}]}}]")]
    public void A_long_chain_of_references_is_an_error_and_no_stack_overflow(string reference)
    {
        var definitions = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"d{i}\":{{{string.Format(null, reference, i + 1)}}}"));
        var schema = new Func<JsonSchema>(() => JsonSchema.Parse(Payload.Parse($"{{\"$ref\":\"#/$defs/d0\",\"$defs\":{{{definitions},\"d10000\":true}}}}")));
        var errors = default(System.Collections.Immutable.ImmutableArray<SchemaError>);
        var thread = new Thread(() => errors = schema().Validate(Payload.Parse("1")), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Contains("nest too deep", Assert.Single(errors).Message);
    }

    [Fact]
    public void Circles_are_found_in_linear_time()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"d{i}\":{{\"$ref\":\"#/$defs/d{(i + 1) % 10_000}\"}}"));
        var watch = Stopwatch.StartNew();
        JsonSchema.TryParse(Payload.Parse($"{{\"$ref\":\"#/$defs/d0\",\"$defs\":{{{definitions}}}}}"), out var errors);
        Assert.Equal(JsonSchema.MaxErrors, errors.Length);
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("1e", 900_000)]
    [InlineData("", 900_000)]
    [InlineData("0.", 900_000)]
    [InlineData("1e-", 900_000)]
    public void A_number_of_a_million_digits_is_read_in_linear_time(string start, int digits) => Assert.NotEmpty(InTime(
        () => JsonSchema.Parse(Payload.Parse($$"""{"enum":[1,2],"multipleOf":{{new string('7', 900)}},"minimum":5}""")), Payload.Parse(start + new string('9', digits))));

    private static System.Collections.Immutable.ImmutableArray<SchemaError> InTime(Func<JsonSchema> schema, Payload value)
    {
        var watch = Stopwatch.StartNew();
        var errors = schema().Validate(value);
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
        return errors;
    }
}
