using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Tests.Schemas;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("true", "5", "")]
    [InlineData("false", "5", ": nothing is allowed here")]
    [InlineData("{}", "{\"a\":1}", "")]
    [InlineData("{\"type\":\"string\"}", "5", ": must be string, not number")]
    [InlineData("{\"type\":\"integer\"}", "5.0", "")]
    [InlineData("{\"type\":\"integer\"}", "5.5", ": must be integer, not number")]
    [InlineData("{\"type\":\"integer\"}", "1e30", "")]
    [InlineData("{\"type\":\"number\"}", "5", "")]
    [InlineData("{\"type\":[\"string\",\"null\"]}", "null", "")]
    [InlineData("{\"type\":[\"string\",\"null\"]}", "true", ": must be null or string, not boolean")]
    [InlineData("{\"enum\":[1,\"a\",null]}", "1.0", "")]
    [InlineData("{\"enum\":[1,\"a\",null]}", "2", ": must be one of `1`, `\"a\"`, `null`")]
    [InlineData("{\"const\":{\"a\":1,\"b\":2}}", "{\"b\":2.0,\"a\":1}", "")]
    [InlineData("{\"const\":null}", "0", ": must be `null`")]
    [InlineData("{\"required\":[\"a\",\"b\"]}", "{\"a\":1}", ": needs the property `b`")]
    [InlineData("{\"required\":[\"a\"]}", "[]", "")]
    [InlineData("{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1,\"b\":2}", "/a: must be string, not number")]
    [InlineData("{\"properties\":{\"total\":{}},\"additionalProperties\":false}", "{\"totl\":1}", "/totl: unknown property `totl`; did you mean `total`?")]
    [InlineData("{\"additionalProperties\":{\"type\":\"string\"}}", "{\"a/b~c\":1}", "/a~1b~0c: must be string, not number")]
    [InlineData("{\"minProperties\":1,\"maxProperties\":1}", "{}", ": needs at least 1 properties, and has 0")]
    [InlineData("{\"minProperties\":1,\"maxProperties\":1}", "{\"a\":1,\"b\":1}", ": has 2 properties, and may have 1")]
    [InlineData("{\"items\":{\"type\":\"string\"}}", "[\"a\",1,\"b\",2]", "/1: must be string, not number|/3: must be string, not number")]
    [InlineData("{\"prefixItems\":[{\"type\":\"string\"},true],\"items\":false}", "[1,2,3]", "/0: must be string, not number|/2: nothing is allowed here")]
    [InlineData("{\"minItems\":2}", "[1]", ": needs at least 2 items, and has 1")]
    [InlineData("{\"maxItems\":1}", "[1,2]", ": has 2 items, and may have 1")]
    [InlineData("{\"uniqueItems\":true}", "[1,{\"a\":[1]},\"1\",{\"a\":[1.0]}]", "/3: stands in this list already, and its items must be unique")]
    [InlineData("{\"uniqueItems\":true}", "[1,\"1\",true,null,[],{},[1],{\"a\":1}]", "")]
    [InlineData("{\"minLength\":2,\"maxLength\":2}", "\"\\ud83d\\ude00\\ud83d\\ude00\"", "")]
    [InlineData("{\"maxLength\":2}", "\"abc\"", ": has 3 characters, and may have 2")]
    [InlineData("{\"pattern\":\"^a+$\"}", "\"aab\"", ": must match `^a+$`")]
    [InlineData("{\"pattern\":\"^a$\"}", "\"a\\n\"", ": must match `^a$`")]
    [InlineData("{\"pattern\":\"^[$[]+$\"}", "\"$[\"", "")]
    [InlineData("{\"pattern\":\"^\\\\d$\"}", "\"\\u0663\"", ": must match `^\\d$`")]
    [InlineData("{\"pattern\":\"^(?!b).\"}", "\"a\"", "")]
    [InlineData("{\"pattern\":\"b\"}", "\"abc\"", "")]
    [InlineData("{\"minimum\":5}", "4.999", ": must be at least 5")]
    [InlineData("{\"maximum\":5}", "5.0", "")]
    [InlineData("{\"exclusiveMinimum\":5}", "5", ": must be more than 5")]
    [InlineData("{\"exclusiveMaximum\":5}", "5", ": must be less than 5")]
    [InlineData("{\"maximum\":9007199254740992}", "9007199254740993", ": must be at most 9007199254740992")]
    [InlineData("{\"multipleOf\":0.01}", "19.99", "")]
    [InlineData("{\"multipleOf\":3}", "10", ": must be a multiple of 3")]
    [InlineData("{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]}", "5", ": must be at most 3")]
    [InlineData("{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "1", ": fits none of the alternatives of `anyOf`")]
    [InlineData("{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "4", "")]
    [InlineData("{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "3", ": fits 2 of the alternatives of `oneOf`, and must fit exactly one")]
    [InlineData("{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "1", "")]
    [InlineData("{\"oneOf\":[{\"minimum\":1}]}", "0", ": fits none of the alternatives of `oneOf`")]
    [InlineData("{\"not\":{\"type\":\"null\"}}", "null", ": fits what `not` excludes")]
    [InlineData("{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":1},\"else\":{\"minimum\":0}}", "\"\"", ": needs at least 1 characters, and has 0")]
    [InlineData("{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":1},\"else\":{\"minimum\":0}}", "-1", ": must be at least 0")]
    [InlineData("{\"if\":{\"type\":\"string\"}}", "-1", "")]
    [InlineData("{\"title\":\"t\",\"description\":\"d\",\"default\":1,\"examples\":[1],\"$comment\":\"c\",\"$id\":\"https://x.test/a\",\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}", "1", "")]
    public void A_value_is_checked_keyword_by_keyword(string schema, string value, string errors) =>
        Assert.Equal(errors, string.Join('|', JsonSchema.Parse(Payload.Parse(schema)).Validate(Payload.Parse(value)).Select(error => $"{error.Pointer}: {error.Message}")));

    [Theory]
    [InlineData("date-time", "2026-03-01T08:30:00Z", true)]
    [InlineData("date-time", "2026-03-01T08:30:00.123456789+01:00", true)]
    [InlineData("date-time", "2026-03-01T08:30:00", false)]
    [InlineData("date-time", "2026-02-30T08:30:00Z", false)]
    [InlineData("date-time", "2026-03-01T08:30:00.Z", false)]
    [InlineData("date", "2026-03-01", true)]
    [InlineData("date", "2026-3-1", false)]
    [InlineData("email", "a.b@example.org", true)]
    [InlineData("email", "a b@example.org", false)]
    [InlineData("email", "a@b@c", false)]
    [InlineData("email", "@example.org", false)]
    [InlineData("uri", "https://example.org/a?b#c", true)]
    [InlineData("uri", "urn:isbn:123", true)]
    [InlineData("uri", "/relative", false)]
    [InlineData("uri", "https://example.org/a b", false)]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", true)]
    [InlineData("uuid", "123e4567e89b12d3a456426614174000", false)]
    public void Formats_are_checked(string format, string text, bool isValid)
    {
        var schema = JsonSchema.Parse(Payload.Parse($"{{\"format\":\"{format}\"}}"));
        Assert.Equal(isValid, schema.Validate(Payload.FromString(text)).IsEmpty);
        Assert.Empty(schema.Validate(Payload.Parse("5")));
    }

    [Theory]
    [InlineData("5", "")]
    [InlineData("{\"typ\":\"string\"}", "/typ")]
    [InlineData("{\"type\":\"strin\"}", "/type")]
    [InlineData("{\"type\":5}", "/type")]
    [InlineData("{\"patternProperties\":{}}", "/patternProperties")]
    [InlineData("{\"properties\":{\"a\":{\"minimun\":1}}}", "/properties/a/minimun")]
    [InlineData("{\"allOf\":[true,{\"not\":[]}]}", "/allOf/1/not")]
    [InlineData("{\"required\":\"a\"}", "/required")]
    [InlineData("{\"minLength\":-1}", "/minLength")]
    [InlineData("{\"minLength\":1.5}", "/minLength")]
    [InlineData("{\"minimum\":\"1\"}", "/minimum")]
    [InlineData("{\"multipleOf\":0}", "/multipleOf")]
    [InlineData("{\"uniqueItems\":1}", "/uniqueItems")]
    [InlineData("{\"pattern\":\"(\"}", "/pattern")]
    [InlineData("{\"format\":\"ipv4\"}", "/format")]
    [InlineData("{\"$ref\":\"#/$defs/b\",\"$defs\":{\"a\":{}}}", "/$ref")]
    [InlineData("{\"$ref\":\"other.json\"}", "/$ref")]
    [InlineData("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema")]
    [InlineData("{\"items\":{\"$defs\":{}}}", "/items/$defs")]
    [InlineData("{\"$ref\":\"#\"}", "/$ref")]
    [InlineData("{\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}}}", "/$defs/a/anyOf/0/$ref")]
    public void A_schema_that_is_not_valid_says_where(string schema, string pointer)
    {
        var error = Assert.Throws<InvalidSchemaException>(() => JsonSchema.Parse(Payload.Parse(schema)));
        Assert.Equal(pointer, Assert.Single(error.Errors).Pointer);
    }

    [Fact]
    public void An_unknown_keyword_names_the_nearest() =>
        Assert.Equal("/minimun: the keyword `minimun` is not supported; did you mean `minimum`?", Assert.Throws<InvalidSchemaException>(() => JsonSchema.Parse(Payload.Parse("{\"minimun\":1}"))).Message);

    [Fact]
    public void A_schema_may_refer_to_itself_for_the_parts_of_a_value()
    {
        var schema = JsonSchema.Parse(Payload.Parse("""{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","required":["v"],"properties":{"next":{"$ref":"#/$defs/tree"}}}}}"""));
        Assert.Empty(schema.Validate(Payload.Parse("""{"v":1,"next":{"v":2,"next":{"v":3}}}""")));
        Assert.Equal("/next/next", Assert.Single(schema.Validate(Payload.Parse("""{"v":1,"next":{"v":2,"next":{"w":3}}}"""))).Pointer);
    }

    [Fact]
    public void A_name_with_a_slash_is_escaped_in_a_reference() =>
        Assert.Single(JsonSchema.Parse(Payload.Parse("""{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"null"}}}""")).Validate(Payload.Parse("1")));

    [Fact]
    public void The_errors_of_one_value_are_told_up_to_fifty() =>
        Assert.Equal(JsonSchema.MaxErrors, JsonSchema.Parse(Payload.Parse("""{"items":{"type":"string"}}""")).Validate(Payload.From(Enumerable.Range(0, 1000))).Length);

    [Fact]
    public void Alternatives_within_alternatives_end()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"d{i}\":{{\"allOf\":[{{\"$ref\":\"#/$defs/d{i + 1}\"}},{{\"$ref\":\"#/$defs/d{i + 1}\"}}]}}"));
        var schema = JsonSchema.Parse(Payload.Parse($"{{\"$ref\":\"#/$defs/d0\",\"$defs\":{{{definitions},\"d60\":{{\"type\":\"number\"}}}}}}"));
        Assert.Contains("too many alternatives", Assert.Single(schema.Validate(Payload.Parse("1"))).Message);
    }

    [Fact]
    public void A_pattern_that_backtracks_without_end_is_given_up()
    {
        var schema = JsonSchema.Parse(Payload.Parse("""{"pattern":"^(?=.)(a+)+$"}"""));
        Assert.Single(schema.Validate(Payload.FromString(new string('a', 40) + "b")));
    }

    [Fact]
    public void A_large_list_of_unique_items_takes_linear_time() =>
        Assert.Empty(JsonSchema.Parse(Payload.Parse("""{"uniqueItems":true}""")).Validate(Payload.From(Enumerable.Range(0, 100_000))));
}
