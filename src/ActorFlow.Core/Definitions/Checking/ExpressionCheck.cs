using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks every expression of a task or an output: its syntax, and that the names in it exist.</summary>
internal sealed class ExpressionCheck(Findings findings)
{
    private readonly ReferenceCheck _references = new(findings);

    public void CheckTask(Scope scope, int index, DefinitionPath path)
    {
        var task = scope.Tasks[index];
        var around = Standpoint.Around(scope, index);
        var body = Standpoint.Within(scope, index);
        CheckCondition(task.If, around, path["if"]);
        if (task.ForEach is { } forEach)
        {
            CheckList(forEach, around, path["for-each"], "for-each", DefinitionCodes.BadForEach);
        }

        if (task.Repeat is { } repeat)
        {
            CheckCondition(repeat.Condition, body, path["repeat"][repeat.Until ? "until" : "while"]);
        }

        CheckKind(task.Kind, body, path);
        if (task.Compensate is { } compensate)
        {
            CheckValue(compensate.With, body with { SeesItself = true, SeesSecrets = true }, path["compensate"]["with"]);
        }
    }

    public void CheckOutput(Scope scope, Payload? output, DefinitionPath path)
    {
        if (output is not null)
        {
            CheckValue(output, Standpoint.Around(scope, Standpoint.WholeScope), path);
        }
    }

    private void CheckKind(TaskKind kind, Standpoint body, DefinitionPath path)
    {
        switch (kind)
        {
            case TaskKind.Uses uses:
                CheckValue(uses.With, body with { SeesSecrets = true }, path["with"]);
                break;

            case TaskKind.Set set:
                CheckValue(set.Values, body, path["set"]);
                break;

            case TaskKind.Delay delay:
                CheckDelay(delay.For, body, path["delay"]);
                break;

            case TaskKind.Fail fail:
                CheckText(fail.Message, body, path["fail"]);
                break;

            case TaskKind.Child child:
                CheckValue(child.With, body, path["with"]);
                break;

            case TaskKind.Ask ask:
                CheckAsk(ask, body, path["ask"]);
                break;

            case TaskKind.Switch chosen:
                for (var i = 0; i < chosen.Cases.Length; i++)
                {
                    CheckCondition(chosen.Cases[i].If, body, path["switch"][i]["if"]);
                }

                break;
        }
    }

    private void CheckAsk(TaskKind.Ask ask, Standpoint body, DefinitionPath path)
    {
        CheckText(ask.Prompt, body, path["prompt"]);
        if (ask.Options is { } options && ask.Kind is AskKind.Choice)
        {
            CheckList(options, body, path["options"], "options", DefinitionCodes.WrongType);
        }

        if (ask.Assignees is { } assignees)
        {
            CheckValue(assignees, body, path["assignees"]);
        }
    }

    private void CheckDelay(string text, Standpoint standpoint, DefinitionPath path)
    {
        if (text.Contains("${{", StringComparison.Ordinal))
        {
            CheckText(text, standpoint, path);
        }
        else if (!Duration.TryParse(text, out _) && !Timestamp.TryParse(text, out _))
        {
            findings.Error(
                DefinitionCodes.BadDuration, path, $"{Excerpt.Of(text)} is neither a duration, such as `5m` or `1h30m`, nor a timestamp, such as `2026-03-01T08:00:00Z`{DurationHint.For(text)}");
        }
    }

    /// <summary>Checks a list, or one expression that gives a list.</summary>
    private void CheckList(Payload value, Standpoint standpoint, DefinitionPath path, string key, string code)
    {
        switch (value.Utf8.Span)
        {
            case [(byte)'[', ..]:
                CheckValue(value, standpoint, path);
                break;

            case [(byte)'"', ..]:
                var text = value.To<string>()!;
                var template = CheckText(text, standpoint, path);
                if (template is not null && !IsOneExpression(text, template))
                {
                    findings.Error(code, path, $"`{key}` takes a list or one `${{{{ }}}}` alone, not {Excerpt.Of(text)}");
                }

                break;

            default:
                findings.Error(code, path, $"`{key}` takes a list or one `${{{{ }}}}`");
                break;
        }
    }

    private void CheckValue(Payload value, Standpoint standpoint, DefinitionPath path) =>
        PayloadStrings.Visit(value, path, (text, at) => CheckText(text, standpoint, at));

    private Template? CheckText(string text, Standpoint standpoint, DefinitionPath path) => Parse(Template.ParseText, text, standpoint, path);

    private void CheckCondition(string? text, Standpoint standpoint, DefinitionPath path)
    {
        if (text is not null)
        {
            Parse(Template.ParseCondition, text, standpoint, path);
        }
    }

    private Template? Parse(Func<string, Template> parse, string text, Standpoint standpoint, DefinitionPath path)
    {
        try
        {
            var template = parse(text);
            _references.Run(template, standpoint, path);
            return template;
        }
        catch (ExpressionSyntaxException error)
        {
            findings.Error(DefinitionCodes.ExpressionSyntax, path, OneLine.Of(error.Message), offset: Math.Clamp(error.Position, 0, text.Length));
            return null;
        }
    }

    private static bool IsOneExpression(string text, Template template)
    {
        var trimmed = text.AsSpan().Trim();
        return template.Expressions is [var expression]
            && trimmed.StartsWith("${{") && trimmed.EndsWith("}}")
            && trimmed[3..^2].Trim().SequenceEqual(expression.Text);
    }
}
