using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

// What waits for someone else: child workflows, signals, people; and when checkpoints are taken.
public sealed partial class RuleTests
{
    private const string Signal = "signal: go";
    private const string Question = "ask: { kind: text, prompt: What? }";
    private const string Child = "workflow: other";

    public static TheoryData<string, string> KeysOfAnyTask()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in new[] { Signal, Question, Child })
        {
            data.Add(kind, "needs: first, join: any, if: tasks.first.output");
            data.Add(kind, "for-each: [1, 2], max-parallel: 1");
            data.Add(kind, "repeat: { until: tasks.a.output == iteration, max: 3, delay: 1s }");
            data.Add(kind, "on-error: continue, timeout: 1d, title: A, checkpoint: true");
            data.Add(kind, "compensate: { uses: undo, with: { was: \"${{ tasks.a.output }}\", key: \"${{ secrets.KEY }}\" } }");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(KeysOfAnyTask))]
    public void Children_signals_and_questions_take_the_keys_of_any_task(string kind, string keys) =>
        Valid(Task("first", "set: {}") + Task("a", $"{kind}, {keys}"));

    [Theory]
    [InlineData("ask: { kind: text, prompt: \"${{ [item, index, iteration, tasks.a.output, tasks.first.output] }}\" }")]
    [InlineData("ask: { kind: choice, prompt: Which?, options: \"${{ [item, index, iteration, tasks.a.output, tasks.first.output] }}\" }")]
    [InlineData("ask: { kind: choice, prompt: Which?, options: [\"${{ item }}\", b] }")]
    [InlineData("ask: { kind: text, prompt: What?, assignees: [\"${{ item }}\", \"team-${{ index }}\"] }")]
    [InlineData("ask: { kind: text, prompt: What?, assignees: \"${{ tasks.first.output }}\" }")]
    [InlineData("workflow: other, with: { v: \"${{ [item, index, iteration, tasks.a.output, tasks.first.output] }}\" }")]
    public void Rule_24_prompt_options_assignees_and_input_see_what_a_body_sees(string kind) =>
        Valid(Task("first", "set: {}") + Task("a", $"{kind}, needs: first, for-each: [1], repeat: {{ until: true }}"));

    [Theory]
    [InlineData("workflow: \"${{ input.t }}\"")]
    [InlineData("workflow: other, parent-close: \"${{ input.t }}\"")]
    [InlineData("signal: \"${{ input.t }}\"")]
    [InlineData("signal: go, schema: { const: \"${{ input.t }}\" }")]
    [InlineData("ask: { kind: \"${{ input.t }}\", prompt: What? }")]
    [InlineData("ask: { kind: text, prompt: What?, schema: { const: \"${{ input.t }}\" } }")]
    [InlineData("timeout: 1d, ask: { kind: text, prompt: What?, default: \"${{ input.t }}\" }")]
    public void Rule_24_their_names_kinds_schemas_and_defaults_are_literals(string keys) => Errors("expression-not-allowed", Task("a", keys));

    [Theory]
    [InlineData("workflow: other, with: \"${{ secrets.KEY }}\"")]
    [InlineData("ask: { kind: text, prompt: \"${{ secrets.KEY }}\" }")]
    [InlineData("ask: { kind: choice, prompt: Which?, options: [\"${{ secrets.KEY }}\"] }")]
    [InlineData("ask: { kind: text, prompt: What?, assignees: \"${{ secrets.KEY }}\" }")]
    public void Rule_27_children_and_people_are_told_no_secrets(string keys) => Errors("secret-not-allowed", Task("a", keys));

    [Theory]
    [InlineData("schema: { type: object, required: [a] }", "schema: { required: [a], type: object }")]
    [InlineData("schema: { minimum: 1 }", "schema: { minimum: 1.0 }")]
    [InlineData("title: A", "title: B")]
    public void Rule_28_tasks_that_wait_for_one_signal_may_say_its_schema_again(string first, string second) =>
        Valid(Task("a", $"signal: go, {first}") + Task("b", $"signal: go, {second}") + Task("c", "signal: Go, schema: true"));

    [Fact]
    public void Rule_28_every_task_with_another_schema_than_the_first_is_told_which_that_is()
    {
        var errors = DefinitionReader.Read(
            "name: x\ntasks:\n" + Task("g", "tasks: { a: { signal: go, schema: { type: string } } }") + Task("b", "signal: go") + Task("c", "signal: go, schema: true"), "f.yaml").Errors;
        Assert.Equal(["tasks.b.signal schema-conflict", "tasks.c.schema schema-conflict"], errors.Select(error => $"{error.Path} {error.Code}"));
        Assert.All(errors, error => Assert.StartsWith("`tasks.g.tasks.a` waits for `go` with another schema", error.Message));
    }

    [Theory]
    [InlineData("approval", AskKind.Approval, "true", "1")]
    [InlineData("validation", AskKind.Validation, "false", "\"yes\"")]
    [InlineData("choice, options: [a, 2, true]", AskKind.Choice, "2.0", "b")]
    [InlineData("choice, options: [a, \"${{ input.b }}\"]", AskKind.Choice, "anything", "{}")]
    [InlineData("rating", AskKind.Rating, "5", "0")]
    [InlineData("text", AskKind.Text, "\"5\"", "5")]
    [InlineData("feedback", AskKind.Feedback, "fine", "[]")]
    [InlineData("review", AskKind.Review, "\"\"", "null")]
    public void Rule_29_a_default_is_an_answer_that_the_kind_allows(string keys, AskKind kind, string good, string bad)
    {
        string Asked(string value) => $"name: x\ntasks:\n  a: {{ timeout: 1d, ask: {{ prompt: Well?, default: {value}, kind: {keys} }} }}";

        var ask = Assert.IsType<TaskKind.Ask>(Samples.Read(Asked(good)).Tasks[0].Kind);
        Assert.Equal((kind, true), (ask.Kind, ask.Default is not null));
        Assert.Equal("tasks.a.ask.default", Assert.Single(DefinitionReader.Read(Asked(bad), "f.yaml").Errors).Path);
    }

    [Fact]
    public void Rule_29_a_default_that_is_no_option_is_told_the_options() =>
        Assert.Equal(
            "the default must be one of `a b`, `2`, `true`",
            DefinitionReader.Read("name: x\ntasks: { a: { timeout: 1d, ask: { kind: choice, prompt: Which?, options: [a b, 2, true], default: c } } }", "f.yaml").Errors.Single().Message);

    [Fact]
    public void Rule_29_a_default_is_for_a_task_that_has_a_timeout()
    {
        var error = DefinitionReader.Read("name: x\ntasks:\n  a:\n    ask: { kind: text, prompt: What?, default: well }", "f.yaml").Errors.Single();

        Assert.Equal(("missing-key", "tasks.a.ask.default", 4), (error.Code, error.Path, error.Position?.Line));
        Assert.Equal("a `default` is taken when the task's `timeout` passes; the task has no `timeout`", error.Message);
        Valid(Task("a", "timeout: 1d, ask: { kind: text, prompt: What?, default: well }"));
        Errors("missing-key", Task("a", "tasks: { b: { ask: { kind: text, prompt: What?, default: well } } }, timeout: 1d"));
    }

    [Fact]
    public void Rule_29_a_default_satisfies_the_schema_too()
    {
        Valid(Task("a", "timeout: 1d, ask: { kind: rating, prompt: How?, schema: { minimum: 3 }, default: 3 }"));
        Errors("bad-value", Task("a", "timeout: 1d, ask: { kind: rating, prompt: How?, schema: { minimum: 3 }, default: 2 }"));
    }

    [Theory]
    [InlineData("other", "other", null, ParentClose.Cancel)]
    [InlineData("other@1", "other", 1, ParentClose.Cancel)]
    [InlineData("o.t_h-er@2147483647, parent-close: terminate", "o.t_h-er", int.MaxValue, ParentClose.Terminate)]
    [InlineData("7, parent-close: abandon", "7", null, ParentClose.Abandon)]
    [InlineData("x, parent-close: cancel", "x", null, ParentClose.Cancel)]
    public void Rule_30_a_child_is_a_name_with_or_without_a_version(string keys, string name, int? version, ParentClose close) =>
        Assert.Equal(new TaskKind.Child(name, version, Payload.Null, close), Samples.Read($"name: x\ntasks: {{ a: {{ workflow: {keys} }} }}").Tasks[0].Kind);

    [Fact]
    public void Rule_30_a_child_may_be_another_document_of_the_file_or_the_workflow_itself()
    {
        var documents = DefinitionReader.Read(
            "name: a\ntasks:\n  b: { workflow: b }\n  c: { workflow: b@2 }\n  d: { workflow: elsewhere }\n---\nname: b\nversion: 2\ntasks: { again: { workflow: b, if: input.again } }", "f.yaml");
        Assert.Empty(documents.Errors);
        Assert.Equal(2, documents.Definitions.Length);
    }

    [Theory]
    [InlineData("{}", 100, null, 3)]
    [InlineData("{ every: 5 }", 5, null, 3)]
    [InlineData("{ interval: 1h }", 100, 60, 3)]
    [InlineData("{ every: 1, interval: 2m, keep: 100 }", 1, 2, 100)]
    public void Checkpoints_are_taken_by_events_and_age_and_the_last_are_kept(string checkpoint, int every, int? minutes, int keep)
    {
        var definition = Samples.Read($"name: x\ncheckpoint: {checkpoint}\ntasks: {{ a: {{ set: {{}} }} }}");
        TimeSpan? interval = minutes is { } count ? TimeSpan.FromMinutes(count) : null;
        Assert.Equal((every, interval, keep), (definition.CheckpointEvery, definition.CheckpointInterval, definition.CheckpointKeep));
    }
}
