using System.Diagnostics;

namespace ActorFlow.Core.Tests.Expressions;

/// <summary>Whatever an expression tries, it ends soon, as a failure or a harmless value, and the process goes on.</summary>
public sealed class ExpressionLimitTests
{
    private static readonly Scope Order = Scope.WithInput("""{"a":[1,2,3],"s":"hello"}""");

    [Theory]
    [InlineData("(() => { for (;;); })()")]
    [InlineData("(() => { for (;;) { try { throw 1 } catch { continue } finally { continue } } })()")]
    [InlineData("(() => { const m = new Map(); for (let i = 0; ; i++) m.set(i, i) })()")]
    [InlineData("Array.from({ length: 1e6 }, (_, i) => i).sort((a, b) => b - a)")]
    [InlineData("Array.prototype.forEach.call({ length: 2**53 - 1 }, x => x)")]
    [InlineData("Array.prototype.reverse.call({ length: 2**53 - 1 })")]
    public void An_endless_loop_fails(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("'x'.repeat(1e8)")]
    [InlineData("'x'['rep' + 'eat'](2**29)")]
    [InlineData("'x'.padEnd(5e7)")]
    [InlineData("'x'.padStart(2**29, 'ab').length")]
    [InlineData("(() => { let s = 'x'; for (let i = 0; i < 40; i++) s += s; return s.length })()")]
    [InlineData("Array.from({ length: 40 }).reduce(a => `${a}${a}`, 'x').length")]
    [InlineData("Array.from({ length: 40 }).reduce(a => a.concat(a), 'x').length")]
    [InlineData("'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1e6)).length")]
    [InlineData("'x'.repeat(255).replace(/x/g, 'y'.repeat(4e6)).length")]
    [InlineData("'x'.repeat(255)[Symbol.iterator] && /x/g[Symbol.replace]('x'.repeat(255), 'y'.repeat(4e6)).length")]
    [InlineData("'x'.repeat(1e6).replace(/x/g, '$`').length")]
    [InlineData("Array(1e6).join('y'.repeat(1e4)).length")]
    [InlineData("Array(255).fill('y'.repeat(4e6)).toString().length")]
    [InlineData("`${Array(255).fill('y'.repeat(4e6))}`.length")]
    [InlineData("JSON.stringify(Array(1000).fill('x'.repeat(1e5))).length")]
    [InlineData("Array(255).fill(4e6).map(String.prototype.repeat, 'x').length")]
    [InlineData("Array(255).fill('').map(''.concat, 'x'.repeat(4e6)).length")]
    [InlineData("Array(255).fill('x'.repeat(4e6)).map(JSON.stringify).length")]
    [InlineData("Array(255).fill(0).map(String.prototype.toUpperCase, 'x'.repeat(4e6)).length")]
    [InlineData("Array(1000).fill('x'.repeat(1e5))")]
    public void A_string_too_long_fails(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("new Array(1e9)")]
    [InlineData("Array.from({ length: 1e9 })")]
    [InlineData("Object.defineProperty([], 'length', { value: 4e9 })")]
    [InlineData("Array.from({ length: 40 }).reduce(a => [...a, ...a], [1]).length")]
    [InlineData("Array.from({ length: 40 }).reduce(a => [a, a], 1)")]
    [InlineData("JSON.stringify(Array.from({ length: 40 }).reduce(a => [a, a], 1))")]
    [InlineData("String(Array.from({ length: 40 }).reduce(a => [a, a], 1))")]
    [InlineData("Array.from({ length: 40 }).reduce(a => [a, a], 1).flat(Infinity)")]
    [InlineData("{ ...'x'.repeat(4e6) }")]
    public void An_array_too_long_fails(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("(f => f(f))(f => 1 + f(f))")]
    [InlineData("[1].map(function f(x) { return [x].map(f) })")]
    [InlineData("(() => { const o = { toString: () => '' + o }; return '' + o })()")]
    [InlineData("(() => { const o = { valueOf: () => +o }; return +o })()")]
    [InlineData("(() => { const o = { [Symbol.iterator]: () => [...o] }; return [...o] })()")]
    [InlineData("(() => { const o = { get a() { return o.a } }; return o.a })()")]
    [InlineData("(() => { const a = [1]; a.push(a); return a.flat(Infinity) })()")]
    [InlineData("(() => { let a = []; for (let i = 0; i < 30000; i++) a = [a]; return JSON.stringify(a) })()")]
    [InlineData("(() => { let a = []; for (let i = 0; i < 30000; i++) a = [a]; return String(a) })()")]
    [InlineData("(() => { let a = []; for (let i = 0; i < 30000; i++) a = [a]; return a.flat(Infinity) })()")]
    [InlineData("(() => { let a = []; for (let i = 0; i < 30000; i++) a = { a }; return a })()")]
    [InlineData("(() => { let f = () => 1; for (let i = 0; i < 30000; i++) f = f.bind(null); return f() })()")]
    [InlineData("(() => { let i = [1].values(); for (let k = 0; k < 20000; k++) i = i.map(x => x); return [...i] })()")]
    [InlineData("JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))")]
    public void What_nests_too_deep_fails(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("new RegExp('(a*)*'.repeat(30) + '$').test('a'.repeat(40) + 'b')")]
    [InlineData("(() => { for (let i = 0; i < 1e4; i++) { try { /(a+)+$/.test('a'.repeat(40) + 'b') } catch {} } })()")]
    public void A_regular_expression_that_takes_for_ever_fails(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("(() => {}).constructor('return 1')()")]
    [InlineData("input.constructor.constructor('return globalThis')()")]
    [InlineData("Object.getPrototypeOf(function () {}).constructor('return 1')()")]
    [InlineData("input.GetType()")]
    [InlineData("input.a.GetHashCode()")]
    [InlineData("input.s.Substring(1)")]
    [InlineData("Object.defineProperty([1], 0, { get: () => 1 })")]
    [InlineData("[1].__defineGetter__(0, () => 1)")]
    [InlineData("Object.setPrototypeOf([,], { get 0() { return 1 } })")]
    [InlineData("Math.random()")]
    [InlineData("Array.fromAsync([1])")]
    public void There_is_no_way_out_of_the_sandbox(string expression) => FailsSoon(expression);

    [Theory]
    [InlineData("({}).__proto__.polluted", "null")]
    [InlineData("Object.assign([,], { ['__proto__']: { get 0() { for (;;); } } })", "[null]")]
    [InlineData("{ ['__proto__']: 1 }", """{"__proto__":1}""")]
    [InlineData("JSON.parse('{\"__proto__\": 1}')", """{"__proto__":1}""")]
    [InlineData("Object.getOwnPropertyNames(input)", """["a","s"]""")]
    [InlineData("Array.isArray(input.a)", "true")]
    [InlineData("Object.isFrozen(input)", "false")]
    [InlineData("[1, [2, [3]]].flat(Infinity).join('-')", "\"1-2-3\"")]
    [InlineData("JSON.stringify({ a: [1, undefined, NaN] }, null, 2)", "\"{\\n  \\\"a\\\": [\\n    1,\\n    null,\\n    null\\n  ]\\n}\"")]
    [InlineData("'2026-01-02'.replace(/(?<y>\\d+)-(\\d+)/, '$<y>/$2 $$ $& $` $9')", "\"2026/01 $ 2026-01  $9-02\"")]
    [InlineData("'a-b'.replace(/-(\\w)/g, (m, c) => c.toUpperCase())", "\"aB\"")]
    [InlineData("['a', null, undefined, ['b', true]].join()", "\"a,,,b,true\"")]
    public void What_is_harmless_works(string expression, string json) => Assert.Equal(json, Order.Eval(expression));

    [Theory]
    [InlineData("1+(", ")", 90)]
    [InlineData("[0].map(x => ", ")", 30)]
    public void Deep_calls_of_deep_syntax_fail_or_end(string open, string close, int times)
    {
        var nested = string.Concat(Enumerable.Repeat(open, times)) + "f(f, n - 1)" + string.Concat(Enumerable.Repeat(close, times));
        var failed = Record.Exception(() => Order.Eval($"(f => f(f, 60))((f, n) => n ? {nested} : 1)"));

        Assert.True(failed is null or Core.Expressions.ExpressionException, failed?.ToString());
    }

    private static void FailsSoon(string expression)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Order.Fail(expression);

        // A minute would be a hang; how soon it is depends on the machine. What it makes does not.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512L * 1024 * 1024);
    }
}
