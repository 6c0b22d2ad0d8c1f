namespace ActorFlow.Tasks;

/// <summary>Which of the built-in handlers a worker offers; section <c>ActorFlow:Tasks</c>.</summary>
public sealed class BuiltInTaskOptions
{
    /// <summary>Whether <c>echo</c> is offered. The default is true.</summary>
    public bool Echo { get; set; } = true;

    /// <summary>Whether <c>sleep</c> is offered. The default is true.</summary>
    public bool Sleep { get; set; } = true;

    /// <summary>Whether <c>http</c> is offered. The default is true.</summary>
    public bool Http { get; set; } = true;

    /// <summary>Whether and how <c>process</c> is offered.</summary>
    public ProcessTaskOptions Process { get; set; } = new();
}

/// <summary>How <c>process</c> runs commands; section <c>ActorFlow:Tasks:Process</c>.</summary>
public sealed class ProcessTaskOptions
{
    /// <summary>
    /// Whether <c>process</c> is offered. The default is false: otherwise whoever may start a workflow may run any command that the
    /// worker's user may run.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// The directory that a command runs in, and that a relative <c>cwd</c> starts from, where the run has no directory of its own
    /// (<see cref="TaskContext.Directory"/>). Null, the default, means the worker's current directory.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>
    /// A directory that is this worker's alone on this machine, like its data directory: on Linux a worker that starts ends the
    /// commands that a killed worker of the same directory left running. Null, the default, means its current directory. On other
    /// systems such commands are not found.
    /// </summary>
    public string? Home { get; set; }
}
