namespace ActorFlow.Tasks;

/// <summary>Which of the built-in handlers a worker offers.</summary>
public sealed class BuiltInTaskOptions
{
    /// <summary>Whether <c>echo</c> is offered. The default is true.</summary>
    public bool Echo { get; set; } = true;

    /// <summary>Whether <c>sleep</c> is offered. The default is true.</summary>
    public bool Sleep { get; set; } = true;

    /// <summary>Whether <c>http</c> is offered. The default is true.</summary>
    public bool Http { get; set; } = true;

    /// <summary>
    /// Whether <c>process</c> is offered. The default is false: whoever may start a workflow may then run any command that the
    /// worker's user may.
    /// </summary>
    public bool Process { get; set; }
}
