using System.Collections.Immutable;
using System.Globalization;

namespace ActorFlow.Core.Definitions;

/// <summary>One task as written: what it does (<see cref="Kind"/>) and the keys that any task may carry.</summary>
public sealed record TaskDefinition
{
    /// <summary>The id: <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, unique within its scope.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people; null means that the id is shown.</summary>
    public string? Title { get; init; }

    /// <summary>What the task does, with the keys of that kind.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The tasks and cases that it waits for, each once.</summary>
    public ImmutableArray<Need> Needs { get; init; } = [];

    /// <summary>How many of its needs must have arrived.</summary>
    public Join Join { get; init; } = Join.All;

    /// <summary>The condition, as written (<c>${{ }}</c> may be left out); false skips the task. Null means that the task has no condition.</summary>
    public string? If { get; init; }

    /// <summary>A literal JSON array, or a JSON string that is one <c>${{ }}</c>: the task runs once per element. Null means no fan-out.</summary>
    public Payload? ForEach { get; init; }

    /// <summary>How many elements of a <c>for-each</c> may be unsettled at once; null means no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>The loop; null means that each execution has one iteration.</summary>
    public RepeatDefinition? Repeat { get; init; }

    /// <summary>The timeout: of each attempt for <c>uses</c>, of the whole for groups, children, <c>signal</c> and <c>ask</c>. Null means the default for <c>uses</c>, and no limit for the others.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The deadline of all attempts together, from the first offer. Null means the default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long a handler may go without a heartbeat before the attempt fails with <c>HeartbeatTimedOut</c>. Null means the default.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>The retry settings of the task itself; null means that it has none.</summary>
    public RetryDefinition? Retry { get; init; }

    /// <summary>What happens to the enclosing scope when the task fails for good.</summary>
    public ErrorPolicy OnError { get; init; }

    /// <summary>The compensation of a completed execution; null means that there is none.</summary>
    public Compensation? Compensate { get; init; }

    /// <summary>The task queue; null means the default.</summary>
    public string? Queue { get; init; }

    /// <summary>The priority, 0 (lowest) to 9 (highest); null means the default.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether a named checkpoint is taken when the task settles.</summary>
    public bool Checkpoint { get; init; }
}

/// <summary>What a task does: exactly one kind per task.</summary>
public abstract record TaskKind
{
    private TaskKind() { }

    /// <summary>Runs a task handler on a worker node.</summary>
    /// <param name="Handler">The name that the handler is registered under.</param>
    /// <param name="With">Its input: a JSON value whose strings may hold expressions; absent: <c>null</c>.</param>
    public sealed record Uses(string Handler, Payload With) : TaskKind;

    /// <summary>Chooses the first case whose condition holds; its label is the output.</summary>
    public sealed record Switch(ImmutableArray<SwitchCase> Cases) : TaskKind;

    /// <summary>Evaluates expressions: a JSON object whose strings may hold expressions.</summary>
    public sealed record Set(Payload Values) : TaskKind;

    /// <summary>Waits durably: a duration, a timestamp, or an expression giving one of them.</summary>
    public sealed record Delay(string For) : TaskKind;

    /// <summary>Fails the enclosing scope with a message, which may hold expressions.</summary>
    public sealed record Fail(string Message) : TaskKind;

    /// <summary>A nested graph with a scope of its own.</summary>
    public sealed record Group(ImmutableArray<TaskDefinition> Tasks, Payload? Output) : TaskKind;

    /// <summary>Runs a child workflow under an id of its own (rules 11 and 30).</summary>
    /// <param name="Name">The name of its definition.</param>
    /// <param name="Version">Its version; null means the document's own of that name, else the newest registered when the child starts.</param>
    /// <param name="With">Its input: a JSON value whose strings may hold expressions; absent: <c>null</c>.</param>
    /// <param name="ParentClose">What happens to the child when its parent ends before it.</param>
    public sealed record Child(string Name, int? Version, Payload With, ParentClose ParentClose) : TaskKind
    {
        /// <summary>Name and version as written: <c>name</c> or <c>name@version</c>.</summary>
        public string Reference => Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{Name}@{version}") : Name;
    }

    /// <summary>Waits for a signal of that name; one that came earlier is kept and used, oldest first (rule 28).</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Schema">A JSON Schema that the payload must satisfy; null means that any payload is valid.</param>
    public sealed record Signal(string Name, Payload? Schema) : TaskKind;

    /// <summary>Waits for a person (rule 29).</summary>
    /// <param name="Kind">What sort of answer is asked for.</param>
    /// <param name="Prompt">The question, which may hold expressions.</param>
    /// <param name="Options">The options of a <c>choice</c>: a literal JSON array, or a JSON string that is one <c>${{ }}</c>.</param>
    /// <param name="Assignees">Who is asked, for information: a literal JSON array of text, or a JSON string, which may hold expressions.</param>
    /// <param name="Schema">A JSON Schema that the value must also satisfy; null means that the form of the kind is enough.</param>
    /// <param name="Default">The value taken when <c>timeout</c> passes; null means that the task then fails with <c>TimedOut</c>.</param>
    public sealed record Ask(
        AskKind Kind, string Prompt, Payload? Options, Payload? Assignees, Payload? Schema, Payload? Default) : TaskKind;

    /// <summary>A kind that is missing or could not be read; no valid definition holds it.</summary>
    /// <param name="IsReported">Whether the error has been reported.</param>
    internal sealed record Unreadable(bool IsReported) : TaskKind
    {
        /// <summary>A kind that could not be read.</summary>
        public static readonly Unreadable Instance = new(true);

        /// <summary>A kind that was not set yet, in code.</summary>
        public static readonly Unreadable Missing = new(false);
    }
}

/// <summary>What happens to a child workflow when its parent ends before it.</summary>
public enum ParentClose
{
    /// <summary>It is cancelled in good order. The default.</summary>
    Cancel,

    /// <summary>It is ended at once.</summary>
    Terminate,

    /// <summary>It continues without a parent.</summary>
    Abandon,
}

/// <summary>One case of a <c>switch</c>.</summary>
/// <param name="Label">The label, of the form of a task id.</param>
/// <param name="If">The condition as written; null means the default case, which stands last.</param>
public sealed record SwitchCase(string Label, string? If);

/// <summary>A task, or one case of a switch, that another task waits for.</summary>
/// <param name="Task">A task id of the same scope.</param>
/// <param name="Case">A label of that switch; null means the whole task.</param>
public readonly record struct Need(string Task, string? Case)
{
    /// <summary>The need as written: <c>task</c> or <c>task.case</c>.</summary>
    public override string ToString() => Case is null ? Task : $"{Task}.{Case}";

    /// <summary>Reads <c>task</c> or <c>task.case</c>. Neither a task id nor a label has a dot in it.</summary>
    public static Need Parse(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is var dot && dot < 0 ? new(text, null) : new(text[..dot], text[(dot + 1)..]);
}

/// <summary>When a task with needs becomes ready.</summary>
/// <param name="Count">How many needs must have completed; 0 means that all must have settled, and at least one arrived.</param>
public readonly record struct Join(int Count)
{
    /// <summary>All needs settled, at least one of them completed, or failed with <c>continue</c>.</summary>
    public static readonly Join All = new(0);

    /// <summary>One need completed.</summary>
    public static readonly Join Any = new(1);
}

/// <summary>A loop: after each iteration the condition decides whether another follows.</summary>
/// <param name="Condition">The condition as written.</param>
/// <param name="Until">Whether a true condition ends the loop (<c>until</c>) or continues it (<c>while</c>).</param>
/// <param name="Max">The total number of iterations allowed, 1 or more. The default is 1000.</param>
/// <param name="Delay">The wait between two iterations; null means no wait.</param>
public sealed record RepeatDefinition(string Condition, bool Until, int Max = RepeatDefinition.DefaultMax, TimeSpan? Delay = null)
{
    /// <summary>The default of <see cref="Max"/>: 1000.</summary>
    public const int DefaultMax = 1000;
}

/// <summary>What happens to the enclosing scope when a task fails for good.</summary>
public enum ErrorPolicy
{
    /// <summary>The enclosing scope fails.</summary>
    Fail,

    /// <summary>The task settles as failed and its dependants run.</summary>
    Continue,
}

/// <summary>How a completed execution is compensated: a handler and its input.</summary>
public sealed record Compensation(string Handler, Payload With);

/// <summary>How waits between attempts grow (rule 17).</summary>
public enum Backoff
{
    /// <summary><c>initial·factor^(n−1)</c></summary>
    Exponential,

    /// <summary><c>initial·n</c></summary>
    Linear,

    /// <summary><c>initial</c></summary>
    Constant,
}

/// <summary>Retry settings as written: null means that the setting comes from the defaults.</summary>
public sealed record RetryDefinition
{
    /// <summary>How many attempts in all, 1 or more.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How waits grow.</summary>
    public Backoff? Backoff { get; init; }

    /// <summary>The first wait.</summary>
    public TimeSpan? Initial { get; init; }

    /// <summary>The longest wait.</summary>
    public TimeSpan? Max { get; init; }

    /// <summary>The growth of an exponential backoff, 1 or more.</summary>
    public double? Factor { get; init; }

    /// <summary>The share of a wait, 0 to 1, by which the wait may be longer or shorter.</summary>
    public double? Jitter { get; init; }

    /// <summary>Error types that are not retried.</summary>
    public ImmutableArray<string>? NonRetryable { get; init; }
}
