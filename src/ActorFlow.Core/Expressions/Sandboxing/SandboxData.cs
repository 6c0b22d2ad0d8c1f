using ActorFlow.Core.Expressions.Parsing;
using ActorFlow.Core.Expressions.Paths;
using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>
/// Puts the data that an expression reads, and no other, into its engine. Each expression gets its own copy, so that no other sees what it
/// changes there, such as an order.
/// </summary>
internal sealed class SandboxData(Engine engine, JsonToJavaScript json)
{
    public void Give(Expression expression, IExpressionScope scope)
    {
        foreach (var kind in expression.References.Select(reference => reference.Kind).Distinct())
        {
            var (name, value) = kind switch
            {
                ReferenceKind.Input => ("input", json.Convert(scope.Input)),
                ReferenceKind.Item => ("item", scope.Item is { } item ? json.Convert(item) : JsValue.Undefined),
                ReferenceKind.Index => ("index", Number(scope.Index)),
                ReferenceKind.Iteration => ("iteration", Number(scope.Iteration)),
                ReferenceKind.Workflow => ("workflow", Workflow(scope.Workflow)),
                ReferenceKind.Task => ("tasks", Tasks(expression, scope)),
                _ => throw new InvalidOperationException($"{kind} is not evaluated."),
            };
            engine.SetValue(name, value);
        }
    }

    private JsObject Workflow(WorkflowView workflow) => JsObject.CreateFromEntries(
        engine,
        WorkflowMembers.Names.Select(name => Entry(name, json.Convert(WorkflowMembers.Find(workflow, name)!))));

    private JsObject Tasks(Expression expression, IExpressionScope scope) => JsObject.CreateFromEntries(
        engine,
        expression.Tasks.Select(read => Entry(
            read.Id,
            scope.FindTask(read.Id) is { } task ? Task(task, read.Parts) : JsValue.Undefined)));

    /// <summary>Makes a task with only the parts that are read: an output may be large.</summary>
    private JsObject Task(TaskView task, TaskParts parts)
    {
        var entries = new List<KeyValuePair<string, JsValue>>(4);
        if (parts.HasFlag(TaskParts.Status))
        {
            entries.Add(Entry("status", JsString.Create(task.Status)));
        }

        if (parts.HasFlag(TaskParts.Output))
        {
            entries.Add(Entry("output", json.Convert(task.Output)));
        }

        if (parts.HasFlag(TaskParts.Error))
        {
            entries.Add(Entry("error", json.Convert(task.Error)));
        }

        if (parts.HasFlag(TaskParts.Attempts))
        {
            entries.Add(Entry("attempts", JsNumber.Create(task.Attempts)));
        }

        return JsObject.CreateFromEntries(engine, entries);
    }

    private static KeyValuePair<string, JsValue> Entry(string name, JsValue value) => new(name, value);

    private static JsValue Number(int? number) => number is { } some ? JsNumber.Create(some) : JsValue.Undefined;
}
