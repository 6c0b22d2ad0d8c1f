using System.Text;
using System.Text.Json;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>A definition as the YAML that a user would have written.</summary>
internal sealed class DefinitionText
{
    private readonly StringBuilder _text = new();

    private DefinitionText() { }

    public static string Of(WorkflowDefinition definition)
    {
        var writer = new DefinitionText();
        writer.Write(definition);
        return writer._text.ToString();
    }

    private void Write(WorkflowDefinition definition)
    {
        Line(0, "name", definition.Name);
        Line(0, "timeout", definition.Timeout);
        Line(0, "max-parallel", definition.MaxParallel);
        Line(0, "on-failure", definition.OnFailure.ToString().ToLowerInvariant());
        var defaults = definition.Defaults;
        if (defaults != TaskDefaults.None)
        {
            Line(0, "defaults");
            Line(1, "timeout", defaults.Timeout);
            Line(1, "deadline", defaults.Deadline);
            Line(1, "priority", defaults.Priority);
            Write(1, defaults.Retry);
        }

        Write(0, definition.Tasks);
        Line(0, "output", definition.Output);
    }

    private void Write(int depth, IEnumerable<TaskDefinition> tasks)
    {
        Line(depth, "tasks");
        foreach (var task in tasks)
        {
            Line(depth + 1, task.Id);
            Write(depth + 2, task);
        }
    }

    private void Write(int depth, TaskDefinition task)
    {
        Write(depth, task.Kind);
        Line(depth, "needs", task.Needs.IsEmpty ? null : $"[{string.Join(", ", task.Needs)}]");
        Line(depth, "join", task.Join.Count == 0 ? (int?)null : task.Join.Count);
        Line(depth, "if", task.If is null ? null : Quoted(task.If));
        Line(depth, "for-each", task.ForEach);
        Line(depth, "max-parallel", task.MaxParallel);
        if (task.Repeat is { } repeat)
        {
            Line(depth, "repeat");
            Line(depth + 1, repeat.Until ? "until" : "while", Quoted(repeat.Condition));
            Line(depth + 1, "max", repeat.Max);
            Line(depth + 1, "delay", repeat.Delay);
        }

        Line(depth, "timeout", task.Timeout);
        Line(depth, "deadline", task.Deadline);
        Line(depth, "priority", task.Priority);
        Write(depth, task.Retry);
        Line(depth, "on-error", task.OnError == ErrorPolicy.Continue ? "continue" : null);
        Line(depth, "checkpoint", task.Checkpoint ? "true" : null);
        Line(depth, "compensate", task.Compensate is { } undo ? $"{{ uses: {undo.Handler}, with: {undo.With} }}" : null);
    }

    private void Write(int depth, TaskKind kind)
    {
        switch (kind)
        {
            case TaskKind.Uses uses:
                Line(depth, "uses", uses.Handler);
                Line(depth, "with", uses.With);
                break;
            case TaskKind.Switch choice:
                Line(depth, "switch", $"[{string.Join(", ", choice.Cases.Select(c => $"{{ case: {c.Label}, if: {Quoted(c.If ?? "default")} }}"))}]");
                break;
            case TaskKind.Set set:
                Line(depth, "set", set.Values);
                break;
            case TaskKind.Delay delay:
                Line(depth, "delay", Quoted(delay.For));
                break;
            case TaskKind.Fail fail:
                Line(depth, "fail", Quoted(fail.Message));
                break;
            case TaskKind.Signal signal:
                Line(depth, "signal", signal.Name);
                Line(depth, "schema", signal.Schema);
                break;
            case TaskKind.Ask ask:
                Line(depth, "ask");
                Line(depth + 1, "kind", ask.Kind.ToString().ToLowerInvariant());
                Line(depth + 1, "prompt", Quoted(ask.Prompt));
                Line(depth + 1, "options", ask.Options);
                Line(depth + 1, "assignees", ask.Assignees);
                Line(depth + 1, "schema", ask.Schema);
                Line(depth + 1, "default", ask.Default);
                break;
            case TaskKind.Child child:
                Line(depth, "workflow", child.Reference);
                Line(depth, "with", child.With);
                Line(depth, "parent-close", child.ParentClose.ToString().ToLowerInvariant());
                break;
            case TaskKind.Group group:
                Write(depth, group.Tasks);
                Line(depth, "output", group.Output);
                break;
        }
    }

    private void Write(int depth, RetryDefinition? retry)
    {
        if (retry is null)
        {
            return;
        }

        Line(depth, "retry");
        Line(depth + 1, "max-attempts", retry.MaxAttempts);
        Line(depth + 1, "backoff", retry.Backoff?.ToString().ToLowerInvariant());
        Line(depth + 1, "initial", retry.Initial);
        Line(depth + 1, "max", retry.Max);
        Line(depth + 1, "factor", retry.Factor);
        Line(depth + 1, "jitter", retry.Jitter);
        Line(depth + 1, "non-retryable", retry.NonRetryable is { } types ? $"[{string.Join(", ", types)}]" : null);
    }

    private void Line(int depth, string key) => _text.Append(' ', depth * 2).Append(key).Append(":\n");

    private void Line<T>(int depth, string key, T value)
    {
        if (value is not null)
        {
            var text = value is TimeSpan time ? Duration.ToText(time) : value.ToString();
            _text.Append(' ', depth * 2).Append(key).Append(": ").Append(text).Append('\n');
        }
    }

    private static string Quoted(string text) => Payload.From(text, JsonSerializerOptions.Default).ToString();
}
