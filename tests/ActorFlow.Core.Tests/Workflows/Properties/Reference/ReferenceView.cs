using System.Text.Json;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What an expression sees (rules 21 to 24).</summary>
/// <param name="run">The run.</param>
/// <param name="scope">The scope that it stands in.</param>
/// <param name="execution">The execution that it belongs to; none for keys of the task as a whole, and for <c>output</c>.</param>
/// <param name="own">What the execution's own task looks like, where that is not simply the iteration before.</param>
internal sealed class ReferenceView(ReferenceRun run, Scope scope, Execution? execution = null, (string Status, Payload Output)? own = null) : IExpressionScope
{
    public Payload Input => run.Case.Input;

    public WorkflowView Workflow => new(run.Case.Id, run.Case.Definition.Name, run.Case.Definition.Version, World.Start);

    public Payload? Item => InnermostElement is { } inner ? inner.Task.Items![inner.Element] : null;

    public int? Index => InnermostElement?.Element;

    public int? Iteration => Surroundings.FirstOrDefault(around => around.Task.Definition.Repeat is not null)?.Iteration;

    private Execution? InnermostElement => Surroundings.FirstOrDefault(around => around.Task.Definition.ForEach is not null);

    /// <summary>The execution itself, then the groups around it.</summary>
    private IEnumerable<Execution> Surroundings
    {
        get
        {
            for (var around = execution ?? scope.Owner; around is not null; around = around.Task.Scope.Owner)
            {
                yield return around;
            }
        }
    }

    public TaskView? FindTask(string id)
    {
        var inside = execution;
        for (var place = scope; ; place = place.Owner!.Task.Scope)
        {
            if (place.Tasks.Find(task => task.Definition.Id == id) is { } task)
            {
                return inside?.Task == task ? Own(inside) : View(task);
            }

            if (place.Owner is null)
            {
                return null;
            }

            inside = place.Owner;
        }
    }

    private TaskView Own(Execution self) => self == execution && own is var (status, output)
        ? new(status, output, Payload.Null, self.Task.Attempts)
        : new("running", self.Output ?? Payload.Null, Payload.Null, self.Task.Attempts);

    private static TaskView View(TaskNode task) => new(
        task.Status.ToString().ToLowerInvariant(),
        task.Output ?? Payload.Null,
        task.Problem is { } problem ? ErrorOf(problem) : Payload.Null,
        task.Attempts);

    private static Payload ErrorOf(Problem problem) => problem.Failures.Count == 0
        ? Json(new { type = problem.Type, message = problem.Message, task = problem.Task })
        : Json(new
        {
            type = problem.Type,
            message = problem.Message,
            task = problem.Task,
            failures = problem.Failures.Select(failure => new { index = failure.Index, type = failure.Why.Type, message = failure.Why.Message }),
        });

    private static Payload Json<T>(T value) => Payload.From(value, JsonSerializerOptions.Default);
}
