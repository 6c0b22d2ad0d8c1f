using Jint;
using Jint.Native;

namespace ActorFlow.Core.Expressions;

/// <summary>
/// Puts the data an expression reads, and no other, into its engine. Each expression gets it anew: what one did to its
/// copy, such as sorting it, no other sees.
/// </summary>
internal static class SandboxData
{
    public static void Give(Engine engine, Expression expression, IExpressionScope scope)
    {
        foreach (var kind in expression.References.Select(reference => reference.Kind).Distinct())
        {
            var (name, value) = kind switch
            {
                ReferenceKind.Input => ("input", JsonToJavaScript.Convert(engine, scope.Input)),
                ReferenceKind.Item => ("item", scope.Item is { } item ? JsonToJavaScript.Convert(engine, item) : JsValue.Undefined),
                ReferenceKind.Index => ("index", Number(scope.Index)),
                ReferenceKind.Iteration => ("iteration", Number(scope.Iteration)),
                ReferenceKind.Workflow => ("workflow", Workflow(engine, scope.Workflow)),
                ReferenceKind.Task => ("tasks", Tasks(engine, expression, scope)),
                _ => throw new InvalidOperationException($"{kind} is not evaluated."),
            };
            engine.SetValue(name, value);
        }
    }

    private static JsObject Workflow(Engine engine, WorkflowView workflow) => JsObject.CreateFromEntries(
        engine,
        WorkflowMembers.Names.Select(name => Entry(name, JsonToJavaScript.Convert(engine, WorkflowMembers.Find(workflow, name)!))));

    private static JsObject Tasks(Engine engine, Expression expression, IExpressionScope scope) => JsObject.CreateFromEntries(
        engine,
        expression.Tasks.Select(read => Entry(
            read.Id,
            scope.FindTask(read.Id) is { } task ? Task(engine, task, read.Parts) : JsValue.Undefined)));

    /// <summary>Only the parts that are read: an output may be large.</summary>
    private static JsObject Task(Engine engine, TaskView task, TaskParts parts)
    {
        var entries = new List<KeyValuePair<string, JsValue>>(4);
        if (parts.HasFlag(TaskParts.Status))
        {
            entries.Add(Entry("status", JsString.Create(task.Status)));
        }

        if (parts.HasFlag(TaskParts.Output))
        {
            entries.Add(Entry("output", JsonToJavaScript.Convert(engine, task.Output)));
        }

        if (parts.HasFlag(TaskParts.Error))
        {
            entries.Add(Entry("error", JsonToJavaScript.Convert(engine, task.Error)));
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
