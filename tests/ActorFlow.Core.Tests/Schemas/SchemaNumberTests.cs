using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Tests.Schemas;

/// <summary>Numbers are what they say, whatever a double or a decimal holds.</summary>
public sealed class SchemaNumberTests
{
    [Theory]
    [InlineData("""{"enum":[1,2]}""", "1e999999999999", false)]
    [InlineData("""{"enum":[1e999999999999]}""", "10e999999999998", true)]
    [InlineData("""{"const":1}""", "1e999999999999", false)]
    [InlineData("""{"const":9007199254740993}""", "9007199254740992", false)]
    [InlineData("""{"const":9007199254740993}""", "9007199254740993.0", true)]
    [InlineData("""{"uniqueItems":true}""", "[1e999999999999,1]", true)]
    [InlineData("""{"uniqueItems":true}""", "[1e999999999999,10e999999999998]", false)]
    [InlineData("""{"uniqueItems":true}""", "[9007199254740993,9007199254740992]", true)]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1,"b":2},{"b":2.0,"a":1e0}]""", false)]
    [InlineData("""{"maximum":9223372036854775806}""", "9223372036854775807", false)]
    [InlineData("""{"minimum":9223372036854775807}""", "9223372036854775806", false)]
    [InlineData("""{"exclusiveMaximum":18446744073709551616}""", "18446744073709551615.9999999999999999", true)]
    [InlineData("""{"exclusiveMinimum":-1e400}""", "-1e400", false)]
    [InlineData("""{"maximum":1e999999999999}""", "1e999999999998", true)]
    [InlineData("""{"maximum":1e-999999999999}""", "1e-999999999998", false)]
    [InlineData("""{"type":"integer"}""", "9223372036854775807.5", false)]
    [InlineData("""{"type":"integer"}""", "9223372036854775807.0", true)]
    [InlineData("""{"type":"integer"}""", "1e999999999999", true)]
    [InlineData("""{"type":"integer"}""", "1e-400", false)]
    [InlineData("""{"type":"integer"}""", "123.456e3", true)]
    [InlineData("""{"type":"integer"}""", "0e-5", true)]
    [InlineData("""{"type":"integer"}""", "-0.0", true)]
    [InlineData("""{"multipleOf":2}""", "9223372036854775807", false)]
    [InlineData("""{"multipleOf":2}""", "9223372036854775808", true)]
    [InlineData("""{"multipleOf":7}""", "1e1000000000", false)]
    [InlineData("""{"multipleOf":8}""", "1e999999999999999999999", true)]
    [InlineData("""{"multipleOf":0.5}""", "1e308", true)]
    [InlineData("""{"multipleOf":0.123456789}""", "1e308", false)]
    [InlineData("""{"multipleOf":1e-8}""", "12391239123", true)]
    [InlineData("""{"multipleOf":0.0001}""", "0.00751", false)]
    [InlineData("""{"multipleOf":1e1000000000}""", "1e999999999", false)]
    [InlineData("""{"multipleOf":3}""", "0", true)]
    [InlineData("""{"maxLength":2.0}""", "\"ab\"", true)]
    [InlineData("""{"maxLength":2.0}""", "\"abc\"", false)]
    [InlineData("""{"minLength":20e-1}""", "\"a\"", false)]
    [InlineData("""{"maxItems":1.0}""", "[1,2]", false)]
    [InlineData("""{"minItems":1e300}""", "[1,2]", false)]
    [InlineData("""{"maxProperties":1e300}""", """{"a":1}""", true)]
    [InlineData("""{"minProperties":2.00}""", """{"a":1}""", false)]
    public void Numbers_are_exact(string schema, string value, bool isValid) =>
        Assert.Equal(isValid, JsonSchema.Parse(Payload.Parse(schema)).Validate(Payload.Parse(value)).IsEmpty);

    [Theory]
    [InlineData("""{"maxLength":2.5}""", "/maxLength")]
    [InlineData("""{"maxLength":-1.0}""", "/maxLength")]
    [InlineData("""{"minItems":1e-1}""", "/minItems")]
    [InlineData("""{"multipleOf":0e5}""", "/multipleOf")]
    [InlineData("""{"multipleOf":-1e999999999999}""", "/multipleOf")]
    public void A_schema_with_a_wrong_number_says_where(string schema, string pointer)
    {
        JsonSchema.TryParse(Payload.Parse(schema), out var errors);
        Assert.Equal(pointer, Assert.Single(errors).Pointer);
    }

    [Theory]
    [InlineData("percent%25field", "percent%field")]
    [InlineData("foo%22bar", "foo\\\"bar")]
    [InlineData("a%7E1b", "a/b")]
    [InlineData("tilde~0field", "tilde~field")]
    [InlineData("%C3%A4", "ä")]
    public void A_reference_is_a_fragment_of_a_uri(string reference, string name)
    {
        var schema = JsonSchema.Parse(Payload.Parse("{\"$ref\":\"#/$defs/" + reference + "\",\"$defs\":{\"" + name + "\":{\"type\":\"integer\"}}}"));
        Assert.Empty(schema.Validate(Payload.Parse("1")));
        Assert.Single(schema.Validate(Payload.Parse("\"x\"")));
    }
}
