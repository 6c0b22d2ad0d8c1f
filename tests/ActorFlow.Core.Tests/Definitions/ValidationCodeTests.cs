using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Every code with the place where it is reported, and nothing else reported beside it.</summary>
public sealed class ValidationCodeTests
{
    private const char Marker = '§';

    /// <summary>The code, and the file with a marker at the place where it is reported.</summary>
    public static readonly TheoryData<string, string> Cases = new()
    {
        { "empty", "§" },
        { "empty", "§# only a comment\n---\n" },
        { "wrong-type", "§just text" },
        { "wrong-type", "§[1, 2]" },
        { "missing-key", "§tasks: { a: { set: {} } }" },
        { "missing-key", "§name: x" },
        { "bad-name", "name: §Order\ntasks: { a: { set: {} } }" },
        { "wrong-type", "name: §[x]\ntasks: { a: { set: {} } }" },
        { "unknown-key", "name: x\n§verison: 2\ntasks: { a: { set: {} } }" },
        { "duplicate-key", "name: x\n§name: y\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\nversion: §0\ntasks: { a: { set: {} } }" },
        { "wrong-type", "name: x\nversion: §one\ntasks: { a: { set: {} } }" },
        { "wrong-type", "name: x\nversion: §1.5\ntasks: { a: { set: {} } }" },
        { "out-of-range", "name: x\nversion: §99999999999\ntasks: { a: { set: {} } }" },
        { "bad-duration", "name: x\ntimeout: §soon\ntasks: { a: { set: {} } }" },
        { "bad-duration", "name: x\ntimeout: §30\ntasks: { a: { set: {} } }" },
        { "bad-duration", "name: x\ntimeout: §-5s\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\ntimeout: §0s\ntasks: { a: { set: {} } }" },
        { "expression-not-allowed", "name: x\ntimeout: §${{ input.t }}\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\nmax-parallel: §0\ntasks: { a: { set: {} } }" },
        { "bad-value", "name: x\non-failure: §panic\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\ncheckpoint: { every: §-1 }\ntasks: { a: { set: {} } }" },
        { "wrong-type", "name: x\ncheckpoint: §true\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\ncheckpoint: { interval: §0s }\ntasks: { a: { set: {} } }" },
        { "bad-duration", "name: x\ncheckpoint: { interval: §daily }\ntasks: { a: { set: {} } }" },
        { "expression-not-allowed", "name: x\ncheckpoint: { interval: §\"${{ input.i }}\" }\ntasks: { a: { set: {} } }" },
        { "non-positive", "name: x\ncheckpoint: { keep: §0 }\ntasks: { a: { set: {} } }" },
        { "out-of-range", "name: x\ncheckpoint: { keep: §101 }\ntasks: { a: { set: {} } }" },
        { "wrong-type", "name: x\ncheckpoint: { keep: §all }\ntasks: { a: { set: {} } }" },
        { "unknown-key", "name: x\ncheckpoint: { §kept: 5 }\ntasks: { a: { set: {} } }" },
        { "expression-not-allowed", "name: x\ndescription: §\"${{ input.x }}\"\ntasks: { a: { set: {} } }" },
        { "out-of-range", "name: x\ndefaults: { priority: §10 }\ntasks: { a: { set: {} } }" },
        { "bad-name", "name: x\ndefaults: { queue: §a b }\ntasks: { a: { set: {} } }" },
        { "unknown-key", "name: x\ndefaults: { §on-error: continue }\ntasks: { a: { set: {} } }" },
        { "bad-schema", "name: x\ninput: { type: §strin }\ntasks: { a: { set: {} } }" },
        { "bad-schema", "name: x\ninput:\n  allOf:\n  - type: object\n    not: §1\ntasks: { a: { set: {} } }" },
        { "bad-schema", "name: x\ninput: { §patternProperties: {} }\ntasks: { a: { set: {} } }" },
        { "expression-not-allowed", "name: x\ninput: { title: §\"${{ input }}\" }\ntasks: { a: { set: {} } }" },
        { "retry-contradiction", "name: x\ntasks: { a: { uses: w, retry: { initial: §2h, max: 1h } } }" },
        { "no-tasks", "name: x\ntasks: §{}" },
        { "wrong-type", "name: x\ntasks: §[a]" },
        { "wrong-type", "name: x\ntasks:§" },
        { "no-tasks", "name: x\ntasks: { a: { tasks: §{} } }" },
        { "wrong-type", "name: x\ntasks:\n  a: §5" },
        { "bad-id", "name: x\ntasks:\n  §1a: { set: {} }" },
        { "duplicate-id", "name: x\ntasks:\n  a: { set: {} }\n  §a: { delay: 1s }" },
        { "key-not-text", "name: x\ntasks:\n  §1: { set: {} }\n  a: { set: {} }" },
        { "key-not-text", "name: x\ntasks:\n  ? §[a, b]\n  : { set: {} }\n  a: { set: {} }" },
        { "kind-missing", "name: x\ntasks:\n  §a: { title: A }" },
        { "kind-several", "name: x\ntasks:\n  a:\n    set: {}\n    §uses: echo" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    set: {}\n    §with: {}" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    uses: echo\n    §output: {}" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    uses: echo\n    §schema: {}" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    uses: echo\n    §max-parallel: 5" },
        { "bad-name", "name: x\ntasks:\n  a:\n    uses: §\"\"" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    set: §5" },
        { "bad-duration", "name: x\ntasks:\n  a:\n    delay: §later" },
        { "non-positive", "name: x\ntasks:\n  a:\n    uses: echo\n    timeout: §0s" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    uses: echo\n    priority: §-1" },
        { "non-positive", "name: x\ntasks:\n  a:\n    uses: echo\n    retry: { max-attempts: §0 }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    uses: echo\n    retry: { backoff: §quadratic }" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    uses: echo\n    retry: { factor:  §0.5 }" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    uses: echo\n    retry: { jitter: §1.5 }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    uses: echo\n    on-error: §retry" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    uses: echo\n    checkpoint: §yes" },
        { "missing-key", "name: x\ntasks:\n  a:\n    uses: echo\n    compensate: §{ with: 1 }" },
        { "unknown-need", "name: x\ntasks:\n  a: { set: {}, needs: [b, §c] }\n  b: { set: {} }" },
        { "unknown-need", "name: x\ntasks:\n  a: { set: {}, needs: §bb }\n  b: { set: {} }" },
        { "unknown-case", "name: x\ntasks:\n  s: { switch: [{ case: y }] }\n  a: { set: {}, needs: §s.z }\n  b: { set: {}, needs: s.y }" },
        { "unknown-case", "name: x\ntasks:\n  s: { set: {} }\n  a: { set: {}, needs: §s.y }" },
        { "self-dependency", "name: x\ntasks:\n  a: { set: {}, needs: §a }" },
        { "cycle", "name: x\ntasks:\n  a: { set: {}, needs: [§b] }\n  b: { set: {}, needs: c }\n  c: { set: {}, needs: a }" },
        { "bad-join", "name: x\ntasks:\n  a: { set: {}, needs: b, join: §2 }\n  b: { set: {} }" },
        { "duplicate-case", "name: x\ntasks:\n  s: { switch: [ {case: y, if: 1}, {case: §y}] }\n  b: { set: {}, needs: s.y }" },
        { "misplaced-default", "name: x\ntasks:\n  s: { switch: [{ case: §y }, { case: z, if: 1 }] }\n  b: { set: {}, needs: [s] }" },
        { "bad-id", "name: x\ntasks:\n  s: { switch: [{ case: §1 }] }\n  b: { set: {}, needs: [s] }" },
        { "bad-value", "name: x\ntasks:\n  s: { switch: §[] }" },
        { "missing-key", "name: x\ntasks:\n  s: { switch: [ §{ if: true } ] }" },
        { "repeat-condition", "name: x\ntasks:\n  a: { uses: e, repeat:  §{ max: 3 } }" },
        { "bad-for-each", "name: x\ntasks:\n  a: { uses: e, for-each: §input.items }" },
        { "expression-syntax", "name: x\ntasks:\n  a:\n    set: { v: \"${{ input.§ }}\" }" },
        { "unquoted-expression", "name: x\ntasks:\n  a:\n    if: §${{ input.a # b }}\n    set: {}" },
        { "unquoted-expression", "name: x\ntasks:\n  a:\n    if: §${{ input.a ? 1 : 2 }}\n    set: {}" },
        { "unquoted-expression", "name: x\ntasks:\n  a:\n    set: { v: §${{ input.a }} }" },
        { "expression-not-allowed", "name: x\ntasks:\n  a: {title: §\"${{ input }}\", set: {} }" },
        { "expression-not-allowed", "name: x\ntasks:\n  a: {uses: §\"${{ input.handler }}\" }" },
        { "unknown-task", "name: x\ntasks:\n  a:\n    set: { v: \"${{ §tasks.zz.output }}\" }" },
        { "expression-fault", "name: x\ntasks:\n  a:\n    set: { v: \"${{ workflow.§idd }}\" }" },
        { "expression-fault", "name: x\ntasks:\n  a: { set: {} }\n  b:\n    needs: a\n    set: { v: \"${{ tasks.a.§ouput }}\" }" },
        { "expression-fault", "name: x\ntasks:\n  a:\n    if: ${{ Math.§random() > 0.5 }}\n    set: {}" },
        { "not-upstream", "name: x\ntasks:\n  a:\n    set: { v: \"${{ §tasks.b.output }}\" }\n  b: { set: {} }" },
        { "not-in-loop", "name: x\ntasks:\n  a:\n    set: { v: \"${{ §item.x }}\" }" },
        { "not-in-loop", "name: x\ntasks:\n  a:\n    set: { v: \"${{ §iteration }}\" }" },
        { "secret-not-allowed", "name: x\ntasks:\n  a:\n    set: { v: \"${{ §secrets.KEY }}\" }" },
        { "yaml-feature", "name: x\ntasks:\n  a:\n    set: §&anchor {}" },
        { "yaml-feature", "name: x\ntasks:\n  a: { set: {} }\n  bcd: {§<<: { set: {} }, set: {}}" },
        { "yaml-feature", "name: x\ntasks:\n  a:\n    uses: §!!str echo" },
        { "syntax", "name: x\ntasks:\n§\ta: { set: {} }" },
        { "syntax", "name: x\ntasks: { a: { set: {} }§" },
        { "duplicate-definition", "name: x\ntasks: { a: { set: {} } }\n---\n§name: x\ntasks: { a: { set: {} } }" },
        { "not-text", "na§\u0000me: x" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    workflow: §[other]" },
        { "bad-name", "name: x\ntasks:\n  a:\n    workflow: §Other" },
        { "bad-name", "name: x\ntasks:\n  a:\n    workflow: §\"@2\"" },
        { "bad-value", "name: x\ntasks:\n  a:\n    workflow: §other@latest" },
        { "bad-value", "name: x\ntasks:\n  a:\n    workflow: §other@" },
        { "bad-value", "name: x\ntasks:\n  a:\n    workflow: §other@1.5" },
        { "bad-value", "name: x\ntasks:\n  a:\n    workflow: §other@+1" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    workflow: §other@99999999999" },
        { "non-positive", "name: x\ntasks:\n  a:\n    workflow: §other@0" },
        { "non-positive", "name: x\ntasks:\n  a:\n    workflow: §other@-1" },
        { "expression-not-allowed", "name: x\ntasks:\n  a:\n    workflow: §${{ input.which }}@2" },
        { "bad-value", "name: x\ntasks:\n  a:\n    workflow: other\n    parent-close: §forget" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    uses: echo\n    §parent-close: cancel" },
        { "secret-not-allowed", "name: x\ntasks:\n  a:\n    workflow: other\n    with: { key: \"${{ §secrets.KEY }}\" }" },
        { "not-in-loop", "name: x\ntasks:\n  a:\n    workflow: other\n    with: [\"${{ §index }}\"]" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    workflow: other\n    §output: 1" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    signal: §{ name: go }" },
        { "bad-name", "name: x\ntasks:\n  a:\n    signal: §go now" },
        { "bad-name", "name: x\ntasks:\n  a:\n    signal: §\"\"" },
        { "expression-not-allowed", "name: x\ntasks:\n  a:\n    signal: §${{ input.which }}" },
        { "bad-schema", "name: x\ntasks:\n  a:\n    signal: go\n    schema: { type: §strin }" },
        { "expression-not-allowed", "name: x\ntasks:\n  a:\n    signal: go\n    schema: { title: §\"${{ input }}\" }" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    signal: go\n    §with: 1" },
        { "schema-conflict", "name: x\ntasks:\n  a:\n    signal: go\n  b:\n    signal: go\n    schema: §{ type: string }" },
        { "schema-conflict", "name: x\ntasks:\n  a:\n    signal: go\n    schema: { type: string }\n  b:\n    signal: §go" },
        { "schema-conflict", "name: x\ntasks:\n  a:\n    signal: go\n    schema: { type: string }\n  g:\n    tasks: { b: { signal: go, schema: §{ type: number } } }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: §approval" },
        { "missing-key", "name: x\ntasks:\n  a:\n    ask: §{ prompt: Go? }" },
        { "missing-key", "name: x\ntasks:\n  a:\n    ask: §{ kind: approval }" },
        { "unknown-key", "name: x\ntasks:\n  a:\n    ask: { kind: approval, prompt: Go?, §asignees: [ann] }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    ask: { kind: §aproval, prompt: Go? }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: §poll, prompt: Go?, options: [a], default: b }" },
        { "expression-not-allowed", "name: x\ntasks:\n  a:\n    ask: { kind: §\"${{ input.kind }}\", prompt: Go? }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: §[Go?] }" },
        { "missing-key", "name: x\ntasks:\n  a:\n    ask: §{ kind: choice, prompt: Which? }" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    ask: { kind: rating, prompt: How?, §options: [1, 2] }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: §[] }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: §{ a: 1 } }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: §a }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: §\"all ${{ input.options }}\" }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: [a, §{ b: 1 }] }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: [a, §null] }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, assignees: §5 }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, assignees: [ann, §5] }" },
        { "bad-schema", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, schema: { §max-length: 5 } }" },
        { "not-allowed-here", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What? }\n    §schema: {}" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: approval, prompt: Go?, default: §maybe }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: validation, prompt: Right?, default: §1 }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: rating, prompt: How?, default: §good }" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: rating, prompt: How?, default: §6 }" },
        { "out-of-range", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: rating, prompt: How?, default: §2.5 }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: feedback, prompt: Well?, default: §true }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: text, prompt: What?, default: §null }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: choice, prompt: Which?, options: [a, b], default: §c }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: choice, prompt: Which?, options: [1, 2], default: §\"1\" }" },
        { "wrong-type", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: choice, prompt: Which?, options: \"${{ input.options }}\", default: §[a] }" },
        { "bad-value", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: text, prompt: What?, schema: { minLength: 9 }, default: §short }" },
        { "expression-not-allowed", "name: x\ntasks:\n  a:\n    timeout: 1d\n    ask: { kind: text, prompt: What?, default: §\"${{ input.text }}\" }" },
        { "missing-key", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, §default: well }" },
        { "not-upstream", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: \"${{ §tasks.b.output }}\" }\n  b: { set: {} }" },
        { "unknown-task", "name: x\ntasks:\n  a:\n    ask: { kind: choice, prompt: Which?, options: [a, \"${{ §tasks.zz.output }}\"] }" },
        { "not-in-loop", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, assignees: \"${{ §item }}\" }" },
        { "secret-not-allowed", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: \"${{ §secrets.KEY }}\" }" },
        { "expression-syntax", "name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: \"${{ input.§ }}\" }" },
        { "unused-case", "name: x\ntasks:\n  s: { switch: [{ case: §y, if: 1 }, { case: z }] }\n  b: { set: {}, needs: s.z }" },
    };

    /// <summary>Codes that take more than a line to provoke: each has a test of its own, named here.</summary>
    public static readonly TheoryData<string, string> Elsewhere = new()
    {
        { DefinitionCodes.TooLarge, nameof(DefinitionSizeTests.A_definition_over_1_MiB_is_refused) },
        { DefinitionCodes.TooDeep, nameof(DefinitionSizeTests.Nesting_that_has_no_end_is_refused_quickly) },
        { DefinitionCodes.TooManyTasks, nameof(DefinitionSizeTests.More_than_10_000_tasks_are_refused) },
        { DefinitionCodes.TooManyProblems, nameof(DefinitionSizeTests.The_problems_of_a_file_are_told_up_to_a_thousand) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_problem_is_reported_at_its_place_and_alone(string code, string marked)
    {
        var offset = marked.IndexOf(Marker);
        var before = marked[..offset].Split('\n');
        var documents = DefinitionReader.Read(marked.Remove(offset, 1), "flow.yaml");

        var problem = Assert.Single(documents.Errors.Concat(documents.Warnings));
        Assert.Equal($"flow.yaml:{before.Length}:{before[^1].Length + 1} {code}", $"{problem.Location} {problem.Code}");
        Assert.DoesNotContain('\n', problem.ToString());
        Assert.Equal(code == DefinitionCodes.UnusedCase, documents.IsValid);
    }

    [Fact]
    public void Every_code_of_the_table_has_a_case()
    {
        var covered = Cases.Concat(Elsewhere).Select(row => (string)row[0]).Distinct().Order();
        Assert.Equal(DefinitionCodes.All.Select(row => row.Code).Order(), covered);
        Assert.All(Elsewhere, row => Assert.NotNull(typeof(DefinitionSizeTests).GetMethod((string)row[1])));
    }

    [Fact]
    public void Every_code_is_in_the_table_once_and_in_kebab_case()
    {
        var constants = typeof(DefinitionCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order();
        Assert.Equal(constants, DefinitionCodes.All.Select(row => row.Code).Order());
        Assert.All(constants, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code));
    }
}
