using System.Diagnostics;
using System.Text;
using ActorFlow.Core.Definitions;
using Xunit.Abstractions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Whatever is in a file, the reader says so: it never throws and never hangs.</summary>
public sealed class DefinitionReaderFuzzTests(ITestOutputHelper output)
{
    private const int Files = 24_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Snippets =
    [
        "${{", "}}", "${{ }}", "${{ tasks. }}", "${{ tasks['a'] }}", "${{ secrets.X }}", "${{ 'a' + `b${1}` }}", "${{ /(a+)+$/.test(input) }}", "&a", "*a", "<<: *a", "!!str", "!", "? ", ": ", "- ", "---\n", "...\n",
        "%YAML 1.1\n", "%TAG ! x\n", "|", ">", "|2-\n", "{", "}", "[", "]", ",", "\"", "'", "\\", "\\ud800", "\\x", "#", " #", "\t", "\r", "\u0000", "\uFEFF", "\u0085", "\u2028", "\ud83d\ude00",
        "null", "~", "true", "-1", "1e999", "0x1F", "999999999999999999999999", ".inf", "needs: [a]", "tasks:", "tasks: {}", "for-each: [1]", "repeat: { until: true }", "uses: e", "set: {}",
        "if: x", "workflow: a@1", "@2", "signal: go", "ask: { kind: text, prompt: p }", "kind: rating", "options: [a]", "default: 6", "schema: { type: 5 }", "parent-close: cancel", "input: { $ref: '#' }", "input: { pattern: '((((a{1000}){1000})))' }", "timeout: 99999999999d", "delay: P9999999999D", "version: 2147483648", "\n", "\n\n", "  ", "    ", "@", "`",
    ];

    [Fact]
    public async Task Twenty_thousand_mutated_files_never_end_in_an_exception_or_a_hang()
    {
        var random = new Random(20261123);
        var seeds = Seeds();
        var (valid, invalid, slowest) = (0, 0, TimeSpan.Zero);
        for (var i = 0; i < Files; i++)
        {
            var bytes = Mutate(seeds[i % seeds.Length], seeds, random);
            var clock = Stopwatch.StartNew();
            var documents = await Task.Run(() => Read(bytes, i)).WaitAsync(Patience);
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;

            Assert.Equal(documents.Errors.IsEmpty, documents.Definitions.Length > 0);
            Assert.All(documents.Errors, error => Assert.True(error.Position is { Line: > 0, Column: > 0 } && error.File is not null && !error.ToString().Contains('\n')));
            if (documents.IsValid)
            {
                valid++;
                var canonical = DefinitionJson.Write(documents.Main);
                Assert.Equal(canonical, DefinitionJson.Write(DefinitionJson.Read(canonical)));
            }
            else
            {
                invalid++;
            }
        }

        output.WriteLine($"{valid} valid, {invalid} invalid, the slowest took {slowest.TotalMilliseconds:0} ms");
        Assert.Equal(Files, valid + invalid);
        // Mutations that only ever break the syntax would test little.
        Assert.True(valid > Files / 50 && invalid > Files / 2, $"{valid} valid, {invalid} invalid");
    }

    private static DefinitionDocuments Read(byte[] bytes, int number)
    {
        try
        {
            return DefinitionReader.Read(bytes, number % 3 == 0 ? "f.yaml" : number % 3 == 1 ? "f.json" : "-");
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"File {number}: {Convert.ToBase64String(bytes)}", error);
        }
    }

    private static byte[][] Seeds()
    {
        var everything = Samples.Read(Samples.OrderFulfilment);
        var groups = "name: g\ntasks:\n  g:\n    tasks:\n      a: { set: { v: \"${{ [item, iteration] }}\" } }\n      b: { uses: e, with: [1, two, null], needs: a }\n"
            + "    output: ${{ tasks.b.output }}\n    for-each: [1, 2]\n    repeat: { until: \"${{ iteration > 2 }}\", max: 3 }\n  f: { fail: \"no ${{ tasks.g.output }}\", needs: g, if: tasks.g.output }\n";
        var waits = "name: w\ncheckpoint: { every: 10, interval: 1h, keep: 2 }\ntasks:\n  k:\n    workflow: other@2\n    with: { v: \"${{ item }}\" }\n    parent-close: abandon\n    for-each: [1]\n"
            + "  s: { signal: go, schema: { type: object }, timeout: 1d }\n  a:\n    ask:\n      kind: choice\n      prompt: Which of ${{ tasks.s.output }}?\n      options: [a, 2, true]\n"
            + "      assignees: [ann, \"${{ input.who }}\"]\n      schema: { minimum: 1 }\n      default: 2\n    timeout: 5m\n    needs: [s, k]\n  r: { ask: { kind: rating, prompt: How?, default: 3 } }\n";
        var two = "name: a\ntasks: { t: { delay: 5m } }\n---\nname: b\ntasks: { t: { delay: 2026-01-01 } }\n";
        string[] texts = [Samples.OrderFulfilment, groups, waits, Samples.LanguagePage, two, Encoding.UTF8.GetString(DefinitionJson.Write(everything)), YamlText.Of(Encoding.UTF8.GetString(DefinitionJson.Write(Samples.Read(groups))))];
        return [.. texts.Select(Encoding.UTF8.GetBytes)];
    }

    private static byte[] Mutate(byte[] seed, byte[][] seeds, Random random)
    {
        var bytes = seed.ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;

                case 1:
                    bytes.RemoveRange(at, random.Next(10) == 0 ? bytes.Count - at : length);
                    break;

                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;

                case 3:
                    bytes.InsertRange(at, Enumerable.Repeat(bytes.GetRange(at, length), random.Next(2, 50)).SelectMany(part => part).ToArray());
                    break;

                case 4 or 5:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Snippets[random.Next(Snippets.Length)]));
                    break;

                case 6:
                    bytes = Rejoined(bytes, (byte)'\n', random);
                    break;

                case 7:
                    bytes = Rejoined(bytes, (byte)' ', random);
                    break;

                default:
                    var other = seeds[random.Next(seeds.Length)];
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray());
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Two lines, or words, swapped or one doubled.</summary>
    private static List<byte> Rejoined(List<byte> bytes, byte separator, Random random)
    {
        var parts = Encoding.Latin1.GetString([.. bytes]).Split((char)separator).ToList();
        var (first, second) = (random.Next(parts.Count), random.Next(parts.Count));
        if (random.Next(2) == 0)
        {
            (parts[first], parts[second]) = (parts[second], parts[first]);
        }
        else
        {
            parts.Insert(first, parts[second]);
        }

        return [.. Encoding.Latin1.GetBytes(string.Join((char)separator, parts))];
    }
}
