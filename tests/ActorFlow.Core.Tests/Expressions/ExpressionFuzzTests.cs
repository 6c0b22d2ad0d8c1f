using System.Diagnostics;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

public sealed class ExpressionFuzzTests
{
    private static readonly string[] Seeds =
    [
        "input.items.map(i => ({ ...i, n: i.n * 2 })).filter(({ n }) => n > 3)",
        "tasks.reserve.output?.rows[0] ?? tasks['a-b'].status",
        "`order ${input.id} of ${[...input.items, item].length}` + 'x'.replace(/(a+)-\\d{1,3}/gu, '$1')",
        "(() => { let a = 0; for (const [k, v] of Object.entries(input)) { switch (k) { case 'x': a += v; break; default: continue } } return a })()",
        "(function f(n = 1, ...rest) { try { return n ? f(n - 1) : rest } catch ({ message }) { return message } finally { } })(5)",
        "input.total > 1000 && !(input.flag || item.sku in { a: 1 }) ? new Map([[1, 2]]) : typeof undefined === 'string' ? -1e3 : 0x1F ** 2",
        "secrets.TOKEN",
        "{ a: { b: [1, , 2], get c() { return 1 }, 'd e': null, [input.k]: void 0 } }",
        "a = 1, b => { label: while (true) { do { break label } while (0) } }",
        "async function* () { await 1; yield this; delete input.a; import('x'); class A { #b = 1 } }",
    ];

    private static readonly string[] Pieces =
    [
        "${", "}", "}}", "${{", "{", "(", ")", "[", "]", "`", "'", "\"", "/", "\\", "\\u{1F600}", "\\ud800", "=>", "...", "?.", "??=", "**=", "++", "--", "=",
        ";", ",", ":", "?", "\n", "\u2028", "\0", "\ud800", "\u00e9", "\ufeff", "<!--", "-->", "//", "/*", "*/", "#", "@", "0b", "1n", "1e999", "08", "let", "var", "const",
        "await", "yield", "async", "function", "class", "super", "new", "new.target", "import.meta", "this", "arguments", "eval", "tasks", "tasks[",
        "secrets", "input", "static", "get", "set", "of", "in", "using", "enum", "with", "__proto__", "__check", "/(?<a>x)\\k<a>/v", "(?:", "{1,99999}",
    ];

    [Fact]
    public void Mutated_expressions_parse_or_are_refused_and_nothing_else() => Fuzz(seed: 1, 12_000, text => Expression.Parse(text));

    [Fact]
    public void Mutated_templates_parse_or_are_refused_and_nothing_else() => Fuzz(seed: 2, 8_000, text => Template.ParseText($"a ${{{{ {text} }}}} b"));

    [Fact]
    public void Mutated_conditions_parse_or_are_refused_and_nothing_else() => Fuzz(seed: 3, 4_000, text => Template.ParseCondition(text));

    [Fact]
    public void What_parses_evaluates_or_fails_and_nothing_else() => Fuzz(seed: 4, 3_000, text =>
    {
        try
        {
            Template.ParseText($"${{{{ {text} }}}}").Evaluate(Scope.WithInput("""{"id":1,"items":[{"n":1},{"n":2}],"x":2}"""), "t.with");
        }
        catch (ExpressionException)
        {
            // Failing is allowed, nothing else is.
        }
    });

    private static void Fuzz(int seed, int count, Action<string> parse)
    {
        var random = new Random(seed);
        var (taken, refused, slowest) = (0, 0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var text = Mutate(random);
            var watch = Stopwatch.StartNew();
            try
            {
                parse(text);
                taken++;
            }
            catch (ExpressionSyntaxException e)
            {
                Assert.InRange(e.Position, 0, text.Length + 8);
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType()} for {text}: {e.Message}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        Assert.True(taken > count / 50, $"only {taken} were taken");
        Assert.True(refused > count / 50, $"only {refused} were refused");
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static string Mutate(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)];
        for (var times = random.Next(0, 4); times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(8), text.Length - at);
            var piece = Pieces[random.Next(Pieces.Length)];
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, piece),
                2 => text.Remove(at, length).Insert(at, piece),
                _ => text.Insert(at, text.Substring(at, length)),
            };
        }

        return text;
    }
}
