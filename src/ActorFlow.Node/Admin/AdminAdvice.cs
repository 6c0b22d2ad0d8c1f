namespace ActorFlow.Node.Admin;

/// <summary>A command is refused, and there is a line that does what is wanted.</summary>
/// <param name="code">One of <see cref="RefusalCode.All"/>.</param>
/// <param name="message">What is wrong.</param>
/// <param name="next">The line.</param>
internal sealed class AdminRefusedException(string code, string message, string next) : Exception(message)
{
    /// <summary>One of <see cref="RefusalCode.All"/>.</summary>
    public string Code => code;

    /// <summary>The line.</summary>
    public string Next => next;
}

/// <summary>The line that goes on from a refusal.</summary>
internal static class AdminAdvice
{
    /// <summary>The line; null means that there is none that helps.</summary>
    /// <param name="code">The code of the refusal.</param>
    /// <param name="command">The command.</param>
    /// <param name="call">The command as it was typed.</param>
    public static string? Of(string code, AdminCommand command, AdminCall call)
    {
        var run = command.Arguments.FirstOrDefault(argument => argument.Kind is AdminKind.Run or AdminKind.NewRun && call.Has(argument)) is { } argument
            ? call.Required(argument)
            : null;
        return RefusalCode.Of(code) switch
        {
            { Word: "workflow-not-found" } => call.Host.Line("workflow", "list"),
            { Word: "definition-not-found" } => call.Host.Line("definition", "list"),
            { Word: "checkpoint-not-found" } when run is not null => call.Host.Line("workflow", "checkpoints", run),
            { Word: "id-conflict" or "task-not-found" or "signal-not-found" or "invalid-signal" } or { Category: RefusalCategory.WrongState } when run is not null =>
                call.Host.Line("workflow", "show", run),
            _ => null,
        };
    }
}
