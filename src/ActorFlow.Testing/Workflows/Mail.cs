using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>A message, delivered in the order in which it was sent.</summary>
internal abstract record Mail
{
    /// <summary>A command to its run.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Then">Called with the decision once it is durable; not called if the node crashes first.</param>
    /// <param name="Lost">Called if the node crashes first.</param>
    public sealed record ToRun(WorkflowCommand Command, Action<Decision>? Then = null, Action? Lost = null) : Mail;

    /// <summary>An action to run after the messages that were sent before.</summary>
    public sealed record ToNode(Action Do) : Mail;
}
