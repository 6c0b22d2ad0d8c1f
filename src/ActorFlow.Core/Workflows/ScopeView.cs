using System.Text.Json;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>The names in scope of an expression at one place of a run: a scope, and perhaps an execution in it.</summary>
/// <param name="run">The run.</param>
/// <param name="scope">The scope that the expression stands in.</param>
/// <param name="execution">The execution whose element and iteration it sees; null for keys that belong to the task as a whole.</param>
/// <param name="own">The execution's own task where it is newer than the record: in its loop's condition, and in <c>compensate</c>; else null.</param>
internal sealed class ScopeView(RunState run, int scope, TaskExecutionId? execution = null, TaskView? own = null) : IExpressionScope
{
    public Payload Input => run.Input;

    public WorkflowView Workflow => new(run.WorkflowId, run.Definition.Name, run.Definition.Version, run.StartedAt);

    public Payload? Item => FanElement() is var (items, element) ? items[element] : null;

    public int? Index => FanElement()?.Element;

    public int? Iteration
    {
        get
        {
            foreach (var enclosing in Enclosing())
            {
                if (run.PlanOf(enclosing).RepeatCondition is not null)
                {
                    return enclosing.Iteration;
                }
            }

            return null;
        }
    }

    public TaskView? FindTask(string id)
    {
        var holder = run.Scopes[scope];
        var inside = execution;
        while (true)
        {
            if (holder.Plan.Positions.TryGetValue(id, out var task))
            {
                var state = holder.Tasks[task];
                return inside is { } self && self.Task == task ? OwnView(self, state) : View(state);
            }

            if (holder.IsRoot)
            {
                return null;
            }

            inside = holder.Owner;
            holder = run.Scopes[holder.Owner.Scope];
        }
    }

    // An execution sees its own output of the previous iteration (rule 9); its condition and its compensation see that of this one.
    private TaskView OwnView(TaskExecutionId self, TaskState state) =>
        self == execution && own is { } newer
            ? newer with { Output = CommandOutput.Readable(newer.Output) }
            : new("running", ReadableOutput(run.Find(self)?.Output), Payload.Null, state.Starts);

    private static TaskView View(TaskState state) => new(
        state.Phase switch
        {
            TaskPhase.Pending => "pending",
            TaskPhase.Running => "running",
            TaskPhase.Completed => "completed",
            TaskPhase.Failed => "failed",
            TaskPhase.Skipped => "skipped",
            _ => "cancelled",
        },
        ReadableOutput(state.Output),
        state.Error is { } error ? ErrorView(error) : Payload.Null,
        state.Starts);

    private static Payload ReadableOutput(Payload? kept) => kept is null ? Payload.Null : CommandOutput.Readable(kept);

    private static Payload ErrorView(TaskError error) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", error.Type);
        writer.WriteString("message", error.Message);
        writer.WriteString("task", error.Task);
        if (!error.Failures.IsEmpty)
        {
            writer.WriteStartArray("failures");
            foreach (var failure in error.Failures)
            {
                WriteFailure(writer, failure);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    private static void WriteFailure(Utf8JsonWriter writer, ElementFailure failure)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", failure.Index);
        writer.WriteString("type", failure.Type);
        writer.WriteString("message", failure.Message);
        writer.WriteEndObject();
    }

    private (System.Collections.Immutable.ImmutableArray<Payload> Items, int Element)? FanElement()
    {
        foreach (var enclosing in Enclosing())
        {
            if (run.Scopes[enclosing.Scope].Tasks[enclosing.Task].Fan is { } fan)
            {
                return (fan.Items, enclosing.Element);
            }
        }

        return null;
    }

    /// <summary>The execution itself, then the groups around it, innermost first.</summary>
    private IEnumerable<TaskExecutionId> Enclosing()
    {
        if (execution is { } self)
        {
            yield return self;
        }

        for (var holder = run.Scopes[scope]; !holder.IsRoot; holder = run.Scopes[holder.Owner.Scope])
        {
            yield return holder.Owner;
        }
    }
}
