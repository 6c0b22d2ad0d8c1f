using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>Something on its way, delivered in the order in which it was sent.</summary>
internal abstract record Mail
{
    /// <summary>A command on its way to its run.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Then">Told what came of it once that is durable; never told if the node crashes first.</param>
    /// <param name="Lost">Told if the node crashes first.</param>
    public sealed record ToRun(WorkflowCommand Command, Action<Decision>? Then = null, Action? Lost = null) : Mail;

    /// <summary>Something to do behind what is on its way already.</summary>
    public sealed record ToNode(Action Do) : Mail;
}
