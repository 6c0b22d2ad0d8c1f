using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>The precise rules of the language page, as far as they say what is valid.</summary>
public sealed partial class RuleTests
{
    [Theory]
    [InlineData("needs: a", "a")]
    [InlineData("needs: [a]", "a")]
    [InlineData("needs: [a, a, b, a]", "a b")]
    [InlineData("needs: []", "")]
    [InlineData("title: none", "")]
    public void Rule_01_one_need_is_a_list_of_it_and_repetitions_count_once(string key, string needs)
    {
        var definition = Samples.Read($"name: x\ntasks:\n  a: {{ set: {{}} }}\n  b: {{ set: {{}} }}\n  c: {{ set: {{}}, {key} }}");
        Assert.Equal(needs, string.Join(' ', definition.Tasks[2].Needs));
    }

    [Fact]
    public void Rule_01_needs_name_only_tasks_of_the_same_scope()
    {
        Errors("unknown-need", Task("g", "tasks: { a: { set: {} } }") + Task("b", "set: {}, needs: a"));
        Errors("unknown-need", Task("a", "set: {}") + Task("g", "tasks: { b: { set: {}, needs: a } }"));
    }

    [Theory]
    [InlineData("join: all", 0)]
    [InlineData("join: any", 1)]
    [InlineData("join: 1", 1)]
    [InlineData("join: 2", 2)]
    public void Rule_02_join_is_all_any_or_a_number_of_the_needs(string key, int count)
    {
        var definition = Samples.Read("name: x\ntasks:\n" + Task("a", "set: {}") + Task("b", "set: {}") + Task("c", $"set: {{}}, needs: [a, b], {key}"));
        Assert.Equal(new Join(count), definition.Tasks[2].Join);
    }

    [Theory]
    [InlineData("needs: [a, b], join: 3")]
    [InlineData("needs: [a, b], join: 0")]
    [InlineData("needs: [a, b], join: -1")]
    [InlineData("needs: [a, b], join: most")]
    [InlineData("needs: [a, b], join: [a]")]
    [InlineData("needs: [a, b], join: 1.5")]
    [InlineData("needs: [a, a], join: 2")]
    [InlineData("join: all")]
    [InlineData("join: any")]
    [InlineData("needs: [], join: 1")]
    public void Rule_02_any_other_join_and_one_without_needs_is_an_error(string keys) =>
        Errors("bad-join", Task("a", "set: {}") + Task("b", "set: {}") + Task("c", "set: {}, " + keys));

    [Theory]
    [InlineData("item")]
    [InlineData("index")]
    [InlineData("iteration")]
    public void Rule_04_if_does_not_see_the_loops_of_its_own_task(string name) =>
        Errors("not-in-loop", Task("a", $"uses: e, for-each: [1], repeat: {{ until: true }}, if: {name} == 1"));

    [Fact]
    public void Rule_05_a_switch_needs_no_default() =>
        Valid(Task("s", "switch: [{ case: y, if: input.y }]") + Task("b", "set: {}, needs: s.y"));

    [Theory]
    [InlineData("bad-id", "switch: [{ case: a b }]")]
    [InlineData("bad-id", "switch: [{ case: 1 }]")]
    [InlineData("duplicate-case", "switch: [{ case: a, if: 1 }, { case: a, if: 2 }, { case: b }]")]
    [InlineData("misplaced-default", "switch: [{ case: a }, { case: b }]")]
    [InlineData("misplaced-default", "switch: [{ case: a }, { case: b, if: 1 }]")]
    [InlineData("not-allowed-here", "switch: [{ case: a }], for-each: [1]")]
    [InlineData("not-allowed-here", "switch: [{ case: a }], repeat: { until: true }")]
    [InlineData("not-allowed-here", "fail: no, for-each: [1]")]
    [InlineData("not-allowed-here", "fail: no, repeat: { until: true }")]
    public void Rule_06_labels_defaults_and_loops_of_a_switch(string code, string keys) =>
        Errors(code, Task("s", keys) + Task("b", "set: {}, needs: s"));

    [Fact]
    public void Rule_06_a_label_is_text_even_where_YAML_has_a_word_for_it()
    {
        var definition = Samples.Read("name: x\ntasks:\n" + Task("s", "switch: [{ case: true, if: 1 }, { case: no }]") + Task("b", "set: {}, needs: [s.true, s.no]"));
        Assert.Equal(["true", "no"], ((TaskKind.Switch)definition.Tasks[0].Kind).Cases.Select(one => one.Label));
    }

    [Theory]
    [InlineData("uses: e, with: { v: \"${{ [item, index, iteration] }}\" }")]
    [InlineData("set: { v: \"${{ [item, index, iteration] }}\" }")]
    [InlineData("delay: \"${{ item + index + iteration }}\"")]
    public void Rule_07_the_body_sees_element_and_iteration(string kind) =>
        Valid(Task("a", kind + ", for-each: [1, 2], repeat: { while: item < iteration, max: 3 }"));

    [Theory]
    [InlineData("repeat: { while: true, until: true }")]
    [InlineData("repeat: { max: 3 }")]
    [InlineData("repeat: {}")]
    public void Rule_09_repeat_takes_exactly_one_condition(string keys) => Errors("repeat-condition", Task("a", "uses: e, " + keys));

    [Fact]
    public void Rule_09_the_total_of_runs_is_1000_unless_said()
    {
        var definition = Samples.Read("name: x\ntasks:\n" + Task("a", "uses: e, repeat: { until: true }") + Task("b", "uses: e, repeat: { while: true, max: 5, delay: 1s }"));
        Assert.Equal(new("true", Until: true, Max: 1000), definition.Tasks[0].Repeat);
        Assert.Equal(new("true", Until: false, Max: 5, TimeSpan.FromSeconds(1)), definition.Tasks[1].Repeat);
    }

    [Fact]
    public void Rule_09_the_body_of_a_loop_sees_its_own_last_output() =>
        Valid(Task("a", "uses: e, with: \"${{ tasks.a.output }}\", repeat: { until: tasks.a.output > 3 }"));

    public static TheoryData<string, string> MeaninglessKeys()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in new[] { "set: {}", "switch: [{ case: y }]", "delay: 1s", "fail: no", "tasks: { i: { set: {} } }", "workflow: other", "signal: go", "ask: { kind: text, prompt: What? }" })
        {
            foreach (var key in new[] { "retry: { max-attempts: 2 }", "deadline: 1h", "heartbeat: 1m", "queue: q", "priority: 3" })
            {
                data.Add(kind, key);
            }

            if (kind.Split(':')[0] is "set" or "switch" or "delay" or "fail")
            {
                data.Add(kind, "timeout: 5s");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(MeaninglessKeys))]
    public void Rule_12_keys_of_attempts_are_for_uses_only(string kind, string key) => Errors("not-allowed-here", Task("a", $"{kind}, {key}"));

    [Fact]
    public void Rule_12_uses_takes_them_all_and_groups_children_and_waits_a_timeout() =>
        Valid(Task("a", "uses: e, retry: { max-attempts: 2 }, deadline: 1h, heartbeat: 1m, queue: q, priority: 3, timeout: 1s")
            + Task("g", "tasks: { i: { set: {} } }, timeout: 1s") + Task("c", "workflow: other, timeout: 1s")
            + Task("s", "signal: go, timeout: 1s") + Task("q", "ask: { kind: text, prompt: What? }, timeout: 1s"));

    [Fact]
    public void Rule_13_defaults_may_hold_what_is_for_uses()
    {
        var defaults = Samples.Read("name: x\ndefaults: { timeout: 1m, deadline: 1h, heartbeat: 5s, retry: { max-attempts: 3 }, queue: q, priority: 1 }\ntasks: { a: { set: {} } }").Defaults;
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), 3, "q", 1),
            (defaults.Timeout, defaults.Deadline, defaults.Heartbeat, defaults.Retry?.MaxAttempts, defaults.Queue, defaults.Priority));
    }

    [Theory]
    [InlineData("on-error: continue")]
    [InlineData("max-parallel: 3")]
    [InlineData("if: true")]
    public void Rule_13_and_nothing_else(string key) =>
        Assert.Equal(["unknown-key"], Codes($"name: x\ndefaults: {{ {key} }}\ntasks: {{ a: {{ set: {{}} }} }}"));

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("5m")]
    [InlineData("PT5M")]
    [InlineData("\"2026-03-01T08:00:00Z\"")]
    [InlineData("2026-03-01T08:00:00")]
    [InlineData("2026-03-01")]
    [InlineData("\"${{ input.wait }}\"")]
    public void Rule_19_a_delay_is_a_duration_a_timestamp_or_an_expression(string text) => Valid(Task("a", "delay: " + text));

    [Theory]
    [InlineData("5")]
    [InlineData("soon")]
    [InlineData("-5m")]
    [InlineData("\"\"")]
    public void Rule_19_anything_else_is_an_error(string text) => Errors("bad-duration", Task("a", "delay: " + text));

    [Fact]
    public void Rule_20_the_run_has_a_timeout_of_its_own() =>
        Assert.Equal(TimeSpan.FromDays(2), Samples.Read("name: x\ntimeout: 2d\ntasks: { a: { set: {} } }").Timeout);

    [Fact]
    public void Rule_23_upstream_is_what_needs_lead_to()
    {
        var chain = Task("a", "set: {}") + Task("b", "set: {}, needs: a");
        Valid(chain + Task("c", "set: { v: \"${{ tasks.a.output }}\" }, needs: b"));
        Errors("not-upstream", chain + Task("c", "set: { v: \"${{ tasks.b.output }}\" }, needs: a"));
    }

    [Fact]
    public void Rule_23_what_is_upstream_of_a_group_is_upstream_of_its_tasks()
    {
        var outer = Task("a", "set: {}") + Task("b", "set: {}") + Task("c", "set: {}, needs: a");
        Valid(outer + Task("g", "tasks: { h: { tasks: { i: { set: { v: \"${{ tasks.a.output }}\" } } } } }, needs: c"));
        Errors("not-upstream", outer + Task("g", "tasks: { h: { tasks: { i: { set: { v: \"${{ tasks.b.output }}\" } } } } }, needs: c"));
    }

    [Theory]
    [InlineData("set: { v: \"${{ tasks.a.output }}\" }")]
    [InlineData("set: {}, if: tasks.a.output")]
    [InlineData("set: {}, for-each: \"${{ tasks.a.output }}\"")]
    [InlineData("set: {}, for-each: \"${{ tasks.a.output }}\", repeat: { until: true }")]
    [InlineData("tasks: { i: { set: { v: \"${{ tasks.a.output }}\" } } }")]
    public void Rule_23_a_task_does_not_name_itself(string keys) => Errors("not-upstream", Task("a", keys));

    [Theory]
    [InlineData("uses: e, repeat: { until: tasks.a.output }")]
    [InlineData("set: { v: \"${{ tasks.a.output }}\" }, repeat: { until: true }")]
    [InlineData("tasks: { i: { set: { v: \"${{ tasks.a.output }}\" } } }, repeat: { until: true }")]
    [InlineData("uses: e, compensate: { uses: undo, with: \"${{ tasks.a.output }}\" }")]
    public void Rule_23_but_in_its_loop_and_its_compensation(string keys) => Valid(Task("a", keys));

    [Fact]
    public void Rule_23_an_output_names_every_task_of_its_scope()
    {
        Valid(Task("a", "set: {}") + Task("g", "tasks: { i: { set: {} } }, output: \"${{ [tasks.i.output, tasks.a.output] }}\", needs: a") + "output: ${{ [tasks.a.output, tasks.g.output] }}");
        Errors("not-upstream", Task("a", "set: {}") + Task("g", "tasks: { i: { set: {} } }, output: \"${{ tasks.a.output }}\""));
    }

    [Fact]
    public void Rule_23_an_inner_id_shadows_an_outer_one()
    {
        var outer = Task("a", "set: {}");
        Errors("not-upstream", outer + Task("g", "tasks: { a: { set: {} }, b: { set: { v: \"${{ tasks.a.output }}\" } } }, needs: a"));
        Valid(outer + Task("g", "tasks: { a: { set: {} }, b: { set: { v: \"${{ tasks.a.output }}\" }, needs: a } }"));
    }

    [Fact]
    public void Rule_23_tasks_inside_a_group_are_invisible_outside() =>
        Errors("unknown-task", Task("g", "tasks: { i: { set: {} } }") + Task("b", "set: { v: \"${{ tasks.i.output }}\" }, needs: g"));

    [Theory]
    [InlineData("tasks[input.x].output")]
    [InlineData("Object.keys(tasks)")]
    public void Rule_23_tasks_is_followed_by_a_literal_id(string expression) =>
        Errors("expression-syntax", Task("a", "set: {}") + Task("b", $"set: {{ v: \"${{{{ {expression} }}}}\" }}, needs: a"));

    [Theory]
    [InlineData("set: { v: \"${{ item }}\" }")]
    [InlineData("set: { v: \"${{ index }}\" }")]
    [InlineData("set: { v: \"${{ iteration }}\" }, for-each: [1]")]
    [InlineData("set: { v: \"${{ item }}\" }, repeat: { until: true }")]
    [InlineData("set: {}, for-each: \"${{ item }}\"")]
    [InlineData("tasks: { i: { set: {} } }, for-each: [1], output: \"${{ iteration }}\"")]
    public void Rule_24_names_of_loops_are_errors_outside_one(string keys) => Errors("not-in-loop", Task("a", keys));

    [Fact]
    public void Rule_24_a_group_in_a_loop_lends_its_names_to_its_tasks() =>
        Valid(Task("g", "for-each: [1], repeat: { until: iteration > 2 }, tasks: { i: { set: { v: \"${{ [item, index, iteration] }}\" }, if: item } }, output: \"${{ [item, iteration] }}\""));

    [Theory]
    [InlineData("title: \"${{ input.t }}\"")]
    [InlineData("queue: \"${{ input.t }}\"")]
    [InlineData("timeout: \"${{ input.t }}\"")]
    [InlineData("priority: \"${{ input.t }}\"")]
    [InlineData("checkpoint: \"${{ input.t }}\"")]
    [InlineData("on-error: \"${{ input.t }}\"")]
    [InlineData("retry: { max-attempts: \"${{ input.t }}\" }")]
    [InlineData("retry: { factor: \"${{ input.t }}\" }")]
    [InlineData("retry: { non-retryable: [\"${{ input.t }}\"] }")]
    [InlineData("compensate: { uses: \"${{ input.t }}\" }")]
    [InlineData("repeat: { until: true, max: \"${{ input.t }}\" }")]
    public void Rule_24_names_limits_and_durations_are_literals(string key) => Errors("expression-not-allowed", Task("a", "uses: e, " + key));

    [Theory]
    [InlineData("if: input.go")]
    [InlineData("if: \"${{ input.go }}\"")]
    [InlineData("repeat: { while: input.go }")]
    [InlineData("repeat: { until: \"${{ input.go }}\" }")]
    public void Rule_26_a_condition_may_leave_the_braces_out(string key) => Valid(Task("a", "uses: e, " + key));

    [Theory]
    [InlineData("[1, 2]", true)]
    [InlineData("[]", true)]
    [InlineData("[\"${{ input.a }}\", 2]", true)]
    [InlineData("\"${{ input.items }}\"", true)]
    [InlineData("\" ${{ input.items }} \"", true)]
    [InlineData("input.items", false)]
    [InlineData("\"${{ input.a }}${{ input.b }}\"", false)]
    [InlineData("\"all ${{ input.items }}\"", false)]
    [InlineData("\"${{ input.items }} }}\"", false)]
    [InlineData("{ a: 1 }", false)]
    [InlineData("5", false)]
    [InlineData("null", false)]
    public void Rule_26_for_each_takes_a_list_or_one_expression(string value, bool isValid)
    {
        var tasks = Task("a", "uses: e, for-each: " + value);
        if (isValid)
        {
            Valid(tasks);
        }
        else
        {
            Errors("bad-for-each", tasks);
        }
    }

    [Fact]
    public void Rule_26_an_expression_may_hold_braces_of_its_own() =>
        Valid(Task("a", "set: { v: \"${{ {a: {b: 1}} }}\" }") + Task("b", "set: { v: \"${{ '}}' }} and ${{ 1 }}\" }"));

    [Theory]
    [InlineData("uses: e, with: { key: \"${{ secrets.KEY }}\" }")]
    [InlineData("uses: e, with: { key: \"Bearer ${{ secrets.KEY }}\" }")]
    [InlineData("uses: e, compensate: { uses: u, with: [\"${{ secrets.KEY }}\"] }")]
    public void Rule_27_secrets_stand_alone_in_the_input_of_a_handler(string keys) => Valid(Task("a", keys));

    [Theory]
    [InlineData("set: { v: \"${{ secrets.KEY }}\" }")]
    [InlineData("uses: e, if: secrets.KEY")]
    [InlineData("uses: e, for-each: \"${{ secrets.KEY }}\"")]
    [InlineData("fail: \"${{ secrets.KEY }}\"")]
    public void Rule_27_secrets_stand_nowhere_else(string keys) =>
        Assert.Contains(Assert.Single(Codes("name: x\ntasks:\n" + Task("a", keys))), new[] { "secret-not-allowed", "expression-syntax" });

    [Theory]
    [InlineData("'Bearer ' + secrets.KEY")]
    [InlineData("secrets.KEY.length")]
    [InlineData("secrets.A + secrets.B")]
    [InlineData("secrets")]
    public void Rule_27_nothing_is_computed_from_a_secret(string expression)
    {
        var codes = Codes("name: x\ntasks:\n" + Task("a", $"uses: e, with: {{ key: \"${{{{ {expression} }}}}\" }}"));
        Assert.All(codes, code => Assert.Contains(code, new[] { "secret-not-allowed", "expression-syntax" }));
        Assert.NotEmpty(codes);
    }

    [Fact]
    public void Rule_34_limits_of_run_and_task_are_positive()
    {
        Assert.Equal(["non-positive"], Codes("name: x\nmax-parallel: 0\ntasks: { a: { set: {} } }"));
        Errors("non-positive", Task("a", "uses: e, for-each: [1], max-parallel: 0"));
        Errors("not-allowed-here", Task("a", "uses: e, max-parallel: 5"));
    }

    [Fact]
    public void Warning_of_a_case_that_nobody_needs()
    {
        string Warned(string rest) => string.Join(' ', DefinitionReader.Read(
            "name: x\ntasks:\n" + Task("s", "switch: [{ case: y, if: 1 }, { case: z }]") + rest, "flow.yaml").Warnings.Select(warning => warning.Code));

        Assert.Equal("unused-case unused-case", Warned(""));
        Assert.Equal("unused-case", Warned(Task("b", "set: {}, needs: s.y")));
        Assert.Equal("", Warned(Task("b", "set: {}, needs: [s.y, s.z]")));
        Assert.Equal("", Warned(Task("b", "set: {}, needs: s")));
        Assert.Equal("", Warned("output: ${{ tasks.s.output }}"));
    }

    private static string Task(string id, string keys) => $"  {id}: {{ {keys} }}\n";

    private static IEnumerable<string> Codes(string text) => DefinitionReader.Read(text, "flow.yaml").Errors.Select(error => error.Code);

    private static void Valid(string tasks) => Samples.Read("name: x\ntasks:\n" + tasks);

    private static void Errors(string code, string tasks) => Assert.Equal([code], Codes("name: x\ntasks:\n" + tasks));
}
