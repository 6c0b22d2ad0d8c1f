using System.Text.Json;
using ActorFlow.Core.Expressions;
using CsCheck;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class ExpressionPropertyTests
{
    private static readonly string[] Keys = ["a", "b", "c-d", "__proto__", "length", "0", "toString", "\u00e9\ud83d\ude00", ""];

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Const("null"),
        Gen.Bool.Select(value => value ? "true" : "false"),
        Gen.Int[-1_000_000, 1_000_000].Select(value => value.ToString()),
        Gen.Double[-1e9, 1e9].Select(value => JsonSerializer.Serialize(value)),
        Gen.String.Select(WellFormed).Select(value => Payload.FromString(value).ToString()));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Scalar
        : Gen.OneOf(
            Scalar,
            inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(Gen.Shuffle(Keys, 0, 4), inner.Array[4]).Select((keys, values) =>
                $"{{{string.Join(',', keys.Zip(values, (key, value) => $"{JsonSerializer.Serialize(key)}:{value}"))}}}")));

    private static readonly string[] Steps =
    [
        ".a", ".b", "['c-d']", "[0]", "[1]", "['0']", ".length", ".__proto__", ".toString", "['']", "['\u00e9\ud83d\ude00']",
        "?.a", "?.b", "?.['c-d']", "?.[0]", "?.length", "?.toString",
    ];

    private static readonly Gen<string> Step = Gen.Int[0, Steps.Length - 1].Select(index => Steps[index]);

    [Fact]
    public void Any_value_goes_through_JavaScript_unchanged() =>
        Json.Sample(json => Assert.Equal(Normal(json), Normal(Scope.WithInput(json).EvalInJavaScript("input"))), iter: 2_000);

    [Fact]
    public void A_path_gives_what_JavaScript_gives() =>
        Gen.Select(Json, Step.Array[0, 4]).Sample(
            (json, steps) =>
            {
                var scope = Scope.WithInput(json);
                var path = "input" + string.Concat(steps);
                Assert.Equal(Outcome(() => scope.EvalInJavaScript(path)), Outcome(() => scope.Eval(path)));
            },
            iter: 5_000);

    [Fact]
    public void A_path_is_as_true_as_in_JavaScript() =>
        Json.Sample(
            json => Assert.Equal(
                Template.ParseCondition("!!(0, input)").IsTrue(Scope.WithInput(json), "t.if"),
                Template.ParseCondition("input").IsTrue(Scope.WithInput(json), "t.if")),
            iter: 1_000);

    /// <summary>The JSON value, or that there is none: the wording of an error differs.</summary>
    private static string Outcome(Func<string> evaluate)
    {
        try
        {
            return Normal(evaluate());
        }
        catch (ExpressionException)
        {
            return "fails";
        }
    }

    /// <summary>Numbers as doubles and integer-like keys first: so JavaScript has it, and JSON does not care.</summary>
    private static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Normal(document.RootElement);
    }

    private static string Normal(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject()
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{property.Name}:{Normal(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Normal))}]",
        JsonValueKind.Number => element.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => element.ToString() + element.ValueKind,
    };

    private static string WellFormed(string text) => string.Concat(text.Where(character => !char.IsSurrogate(character)));
}
