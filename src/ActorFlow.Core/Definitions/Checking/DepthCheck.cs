using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks that the values of a definition, schemas included, do not nest deeper than any payload may.</summary>
internal sealed class DepthCheck(Findings findings)
{
    public void Workflow(WorkflowDefinition definition, DefinitionPath path) => Value(definition.InputSchema, path["input"]);

    /// <summary>Checks the output of a scope.</summary>
    public void Output(Payload? output, DefinitionPath path) => Value(output, path);

    public void Task(TaskDefinition task, DefinitionPath path)
    {
        Value(task.ForEach, path["for-each"]);
        Value(task.Compensate?.With, path["compensate"]["with"]);
        switch (task.Kind)
        {
            case TaskKind.Uses uses:
                Value(uses.With, path["with"]);
                break;

            case TaskKind.Child child:
                Value(child.With, path["with"]);
                break;

            case TaskKind.Set set:
                Value(set.Values, path["set"]);
                break;

            case TaskKind.Signal signal:
                Value(signal.Schema, path["schema"]);
                break;

            case TaskKind.Ask ask:
                Value(ask.Options, path["ask"]["options"]);
                Value(ask.Assignees, path["ask"]["assignees"]);
                Value(ask.Schema, path["ask"]["schema"]);
                Value(ask.Default, path["ask"]["default"]);
                break;
        }
    }

    private void Value(Payload? value, DefinitionPath path)
    {
        if (value is not null && PayloadFault.IsTooDeep(value))
        {
            findings.Error(DefinitionCodes.TooDeep, path, $"nests deeper than {JsonDepth.Limit} levels");
        }
    }
}
