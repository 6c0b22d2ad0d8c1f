using System.Text.Json;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks what a person is asked: that options, schema and default fit the kind of answer.</summary>
internal sealed class AskCheck(Findings findings)
{
    public void Run(TaskKind.Ask ask, bool hasTimeout, DefinitionPath path)
    {
        CheckOptions(ask, path);
        CheckAssignees(ask.Assignees, path["assignees"]);
        SchemaCheck.Run(ask.Schema, path["schema"], findings);
        if (ask.Default is { } value)
        {
            CheckDefault(ask, value, path["default"]);
            if (!hasTimeout)
            {
                findings.Error(DefinitionCodes.MissingKey, path["default"], "a `default` is taken when the task's `timeout` passes; the task has no `timeout`", atKey: true);
            }
        }
    }

    private void CheckOptions(TaskKind.Ask ask, DefinitionPath path)
    {
        if (ask.Kind is not AskKind.Choice)
        {
            if (ask.Options is not null)
            {
                var kind = LanguageWords.Of(LanguageWords.AskKinds, ask.Kind);
                findings.Error(DefinitionCodes.NotAllowedHere, path["options"], $"`options` go with the kind `choice`, not with `{kind}`", atKey: true);
            }
        }
        else if (ask.Options is null)
        {
            findings.Error(DefinitionCodes.MissingKey, path, "a `choice` needs `options`, what to choose from");
        }
        else
        {
            CheckItems(ask.Options, path["options"]);
        }
    }

    /// <summary>Checks literal options; an expression in their place has been checked already.</summary>
    private void CheckItems(Payload options, DefinitionPath path)
    {
        using var document = options.ToDocument();
        if (document.RootElement.ValueKind is not JsonValueKind.Array)
        {
            return;
        }

        if (document.RootElement.GetArrayLength() == 0)
        {
            findings.Error(DefinitionCodes.BadValue, path, "`options` needs at least one");
        }

        var index = 0;
        foreach (var option in document.RootElement.EnumerateArray())
        {
            if (option.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            {
                findings.Error(DefinitionCodes.WrongType, path[index], "an option is text, a number, `true` or `false`");
            }

            index++;
        }
    }

    private void CheckAssignees(Payload? assignees, DefinitionPath path)
    {
        using var document = assignees?.ToDocument();
        switch (document?.RootElement.ValueKind)
        {
            case null or JsonValueKind.String:
                break;

            case JsonValueKind.Array:
                var index = 0;
                foreach (var one in document.RootElement.EnumerateArray())
                {
                    if (one.ValueKind is not JsonValueKind.String)
                    {
                        findings.Error(DefinitionCodes.WrongType, path[index], "an assignee is text");
                    }

                    index++;
                }

                break;

            default:
                findings.Error(DefinitionCodes.WrongType, path, "`assignees` takes a list of text, or text");
                break;
        }
    }

    private void CheckDefault(TaskKind.Ask ask, Payload value, DefinitionPath path)
    {
        var isLiteral = true;
        PayloadStrings.Visit(value, path, (text, at) =>
        {
            if (text.Contains("${{", StringComparison.Ordinal))
            {
                findings.Error(DefinitionCodes.ExpressionNotAllowed, at, "a default takes no expression");
                isLiteral = false;
            }
        });

        if (!isLiteral)
        {
            return;
        }

        if (AnswerForm.Fault(ask.Kind, LiteralOptions(ask.Options), value) is { } fault)
        {
            findings.Error(fault.Code, path, $"the default {fault.Message}");
        }
        else if (ask.Schema is not null && JsonSchema.TryParse(ask.Schema, out _)?.Validate(value) is [var first, ..])
        {
            findings.Error(DefinitionCodes.BadValue, path, $"the default does not satisfy `schema`: {OneLine.Of(first.ToString())}");
        }
    }

    /// <summary>The options, if they are literals; else null.</summary>
    private static Payload? LiteralOptions(Payload? options)
    {
        if (options?.Utf8 is not { Span: [(byte)'[', not (byte)']', ..] })
        {
            return null;
        }

        var isLiteral = true;
        PayloadStrings.Visit(options, DefinitionPath.Root, (text, _) => isLiteral &= !text.Contains("${{", StringComparison.Ordinal));
        return isLiteral ? options : null;
    }
}
