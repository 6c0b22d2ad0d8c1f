using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Expressions;

/// <summary>A scope written out in a test.</summary>
internal sealed record Scope : IExpressionScope
{
    public Payload Input { get; init; } = Payload.Null;

    public Payload? Item { get; init; }

    public int? Index { get; init; }

    public int? Iteration { get; init; }

    public WorkflowView Workflow { get; init; } =
        new("order-1", "order-fulfilment", 3, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.FromHours(1)));

    public Dictionary<string, TaskView> Tasks { get; init; } = [];

    /// <summary>The ids asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public static Scope WithInput(string json) => new() { Input = Payload.Parse(json) };

    public static TaskView Completed(string output) => new("completed", Payload.Parse(output), Payload.Null, 1);

    public TaskView? FindTask(string id)
    {
        Asked.Add(id);
        return Tasks.TryGetValue(id, out var task) ? task : null;
    }

    /// <summary>The JSON that one expression comes to.</summary>
    public string Eval(string expression) => Template.ParseText($"${{{{ {expression} }}}}").Evaluate(this, "task.with").Value.ToString();

    /// <summary>The same value by way of JavaScript: the sequence operator makes it no plain path.</summary>
    public string EvalInJavaScript(string expression) => Eval($"(0, {expression})");

    /// <summary>The message of the failure that one expression comes to.</summary>
    public string Fail(string expression) => Assert.Throws<ExpressionException>(() => Eval(expression)).Message;
}
