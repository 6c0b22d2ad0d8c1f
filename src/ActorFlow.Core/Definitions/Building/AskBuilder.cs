
namespace ActorFlow.Core.Definitions.Building;

/// <summary>A task that waits for a person; its output is the answer.</summary>
/// <typeparam name="TValue">The value asked for.</typeparam>
public sealed class AskBuilder<TValue> : TaskBuilder<Answer<TValue>>
{
    internal AskBuilder(string id, AskKind kind, string prompt, Payload? options = null)
        : base(id) => Definition = Definition with { Kind = new TaskKind.Ask(kind, prompt, options, null, null, null) };

    private TaskKind.Ask Kind => (TaskKind.Ask)Definition.Kind;

    /// <summary>Who is asked, for information; <see cref="Computed"/> values may be interpolated.</summary>
    public AskBuilder<TValue> Assignees(params IEnumerable<string> assignees) => Do(Kind with { Assignees = BuiltPayload.Of(assignees) });

    /// <summary>Who is asked: text, or a list of text, that the run computes.</summary>
    public AskBuilder<TValue> Assignees(Computed assignees) => Do(Kind with { Assignees = BuiltPayload.Of(assignees) });

    /// <summary>A JSON Schema that the value must also satisfy.</summary>
    /// <param name="schema">The schema as a .NET object or a payload.</param>
    public AskBuilder<TValue> Schema(object schema) => Do(Kind with { Schema = BuiltPayload.Of(schema) });

    /// <summary>The value taken when the task's timeout passes; without it, the task then fails with <c>TimedOut</c>.</summary>
    public AskBuilder<TValue> Default(TValue value) => Do(Kind with { Default = BuiltPayload.Of(value) });

    private AskBuilder<TValue> Do(TaskKind.Ask kind)
    {
        Definition = Definition with { Kind = kind };
        return this;
    }
}

/// <summary>The output of a question to a person.</summary>
/// <typeparam name="TValue">The value asked for.</typeparam>
/// <param name="Value">The answer, or the default. "No" is an answer like any other.</param>
/// <param name="By">Who answered; null means that the answer named nobody, or that nobody answered.</param>
/// <param name="At">When it was answered, in UTC.</param>
/// <param name="Comment">The comment given with the answer; null means that there was none.</param>
/// <param name="TimedOut">Whether nobody answered in time and <paramref name="Value"/> is the default.</param>
public sealed record Answer<TValue>(TValue Value, string? By, DateTimeOffset At, string? Comment, bool TimedOut = false);
