using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

internal enum Status
{
    Pending,
    Running,
    Completed,
    Failed,
    Skipped,
    Cancelled,
}

/// <summary>Why something failed: what expressions see as <c>error</c>.</summary>
internal sealed record Problem(string Type, string Message, string Task)
{
    /// <summary>Of a fan-out: each element that failed (rule 8).</summary>
    public IReadOnlyList<(int Index, Problem Why)> Failures { get; init; } = [];
}

/// <summary>One instance of a graph: the run's own, or one of a group's execution.</summary>
internal sealed class Scope(int number, Execution? owner, IEnumerable<TaskDefinition> tasks, Payload? output)
{
    private List<TaskNode>? _tasks;

    /// <summary>Counts the instances of a run in the order they open.</summary>
    public int Number { get; } = number;

    public Execution? Owner { get; } = owner;

    public Payload? Output { get; } = output;

    public List<TaskNode> Tasks => _tasks ??= [.. tasks.Select((task, index) => new TaskNode(task, this, index))];

    public DateTimeOffset? TimeoutAt { get; set; }

    /// <summary>Nothing new starts; <see cref="Problem"/> tells why, unless it was cancelled from outside.</summary>
    public bool IsStopped { get; set; }

    public Problem? Problem { get; set; }

    public bool IsSettled => Tasks.TrueForAll(task => task.IsSettled);

    /// <summary>What the paths of its tasks begin with.</summary>
    public string Prefix => Owner is null ? string.Empty : Owner.Path + "/";

    public TaskNode Find(string id) => Tasks.Single(task => task.Definition.Id == id);
}

/// <summary>A task of one scope instance.</summary>
internal sealed class TaskNode(TaskDefinition definition, Scope scope, int index)
{
    public TaskDefinition Definition { get; } = definition;

    public Scope Scope { get; } = scope;

    public int Index { get; } = index;

    public Status Status { get; set; } = Status.Pending;

    public Payload? Output { get; set; }

    public Problem? Problem { get; set; }

    /// <summary>Rule 22.</summary>
    public int Attempts { get; set; }

    /// <summary>What it fans out over; none without <c>for-each</c>.</summary>
    public List<Payload>? Items { get; set; }

    /// <summary>One per element, or just one; empty until it is decided that the task runs.</summary>
    public List<Execution> Executions { get; set; } = [];

    public string Path => Scope.Prefix + Definition.Id;

    public bool FailsScope => Definition.OnError == ErrorPolicy.Fail;

    public bool IsUses => Definition.Kind is TaskKind.Uses;

    public bool IsSettled => Status is not (Status.Pending or Status.Running);
}

internal enum TaskExecutionPhase
{
    /// <summary>May begin, as far as it depends on itself.</summary>
    Ready,

    /// <summary>A handler has it: see <see cref="Execution.Work"/>.</summary>
    Working,

    /// <summary>Between two iterations.</summary>
    Pausing,

    /// <summary>A <c>delay</c>.</summary>
    Delaying,

    /// <summary>A group, open.</summary>
    Open,

    /// <summary>Waits for a signal.</summary>
    AwaitingSignal,

    /// <summary>Waits for a person: see <see cref="Execution.Options"/>.</summary>
    AwaitingAnswer,

    /// <summary>Waits for a child: see <see cref="Execution.Child"/>.</summary>
    AwaitingChild,

    Completed,
    Failed,
    Cancelled,
}

/// <summary>One execution of a task: an element of it, in its current iteration.</summary>
internal sealed class Execution(TaskNode task, int element)
{
    public TaskNode Task { get; } = task;

    public int Element { get; } = element;

    public int Iteration { get; set; }

    public TaskExecutionPhase Phase { get; set; } = TaskExecutionPhase.Ready;

    /// <summary>Whether it has ever begun: an element that has not waits for its turn.</summary>
    public bool HasBegun { get; set; }

    /// <summary>When its pause or delay is over.</summary>
    public DateTimeOffset WakesAt { get; set; }

    public Work? Work { get; set; }

    /// <summary>When a signal, a person or a child is waited for no longer.</summary>
    public DateTimeOffset? TimeoutAt { get; set; }

    /// <summary>Of executions that wait for signals: the lower, the longer it has waited.</summary>
    public int Queued { get; set; }

    /// <summary>What there is to choose from.</summary>
    public Payload? Options { get; set; }

    public Child? Child { get; set; }

    public Scope? Inner { get; set; }

    /// <summary>The output of the iteration before, then that of the last one.</summary>
    public Payload? Output { get; set; }

    public Problem? Problem { get; set; }

    /// <summary>The last attempt, or start of a child, in this iteration; 0 before the first.</summary>
    public int Started { get; set; }

    /// <summary>Those before the run was opened again: they do not use up <c>max-attempts</c>.</summary>
    public int StartedBefore { get; set; }

    public bool IsSettled => Phase >= TaskExecutionPhase.Completed;

    /// <summary>Rule 10.</summary>
    public string Path => Task.Path
        + (Task.Definition.ForEach is null ? string.Empty : $"[{Element}]")
        + (Task.Definition.Repeat is null ? string.Empty : $"#{Iteration}");
}

/// <summary>Something that a handler has to do: an execution of <c>uses</c>, or a compensation.</summary>
internal sealed class Work(string path, string handler, HandlerSettings settings, Payload input)
{
    public string Path { get; } = path;

    public string Handler { get; } = handler;

    public HandlerSettings Settings { get; } = settings;

    /// <summary>What it is to do; none: to be evaluated again, for a fork.</summary>
    public Payload? Input { get; set; } = input;

    /// <summary>The execution that it is for; none for a compensation.</summary>
    public Execution? Execution { get; init; }

    public int Attempt { get; set; }

    /// <summary>Attempts before the run was opened again.</summary>
    public int Before { get; init; }

    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>When the next attempt may start; none: at once, or one is running.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Why it fails however its attempt ends, success excepted: its deadline passed.</summary>
    public Problem? Doom { get; set; }

    public RunningHandler? Running { get; set; }
}

/// <summary>A child workflow of an execution.</summary>
internal sealed class Child(string path, int start, Payload input)
{
    public string Path { get; } = path;

    /// <summary>Which child of the execution's current iteration it is; 1, unless the run was opened again.</summary>
    public int Start { get; } = start;

    public Payload Input { get; } = input;

    /// <summary>None: what it runs has not been found yet.</summary>
    public RunningChild? Running { get; set; }

    /// <summary>Whether it ran into its timeout: its execution fails unless it completes.</summary>
    public bool IsLate { get; set; }
}

/// <summary>A completed execution that may have to be undone.</summary>
internal sealed record Undo(string Path, string Handler, Payload? Input);
