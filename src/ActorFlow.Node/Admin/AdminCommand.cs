using System.Collections.Immutable;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary>
/// A command that people type: its words, who may give it, and what does it. Wherever they type it, its arguments, their checks, completion and help
/// follow from this.
/// </summary>
/// <param name="Noun">What it is about: <c>workflow</c>.</param>
/// <param name="Verb">What it does with it: <c>list</c>; empty means that the noun says it all. Noun and verb never change.</param>
/// <param name="Description">The same for people, as sentences.</param>
/// <param name="Needs">The role that it needs.</param>
/// <param name="Work">Does it.</param>
internal sealed record AdminCommand(string Noun, string Verb, string Description, ApiRole Needs, AdminWork Work)
{
    /// <summary>Its arguments and options, in the order of the command line.</summary>
    public ImmutableArray<AdminArgument> Arguments { get; init; } = [];

    /// <summary>What is typed behind noun and verb, in examples for people; at least one.</summary>
    public required ImmutableArray<string> Examples { get; init; }

    /// <summary>Whether it may be given where there is no store yet: it makes one.</summary>
    public bool MakesStore { get; init; }

    /// <summary>
    /// Tells what would be lost, as the rest of a sentence that begins with "this would": a person confirms it before. Null, the default, means that
    /// the command is not dangerous.
    /// </summary>
    public Func<AdminCall, CancellationToken, Task<string>>? Danger { get; init; }
}

/// <summary>Does a command: what it answers comes as it is known.</summary>
/// <param name="call">What was typed, and where.</param>
/// <param name="cancellationToken">Ends it.</param>
/// <exception cref="WorkflowRefusedException">It is refused.</exception>
internal delegate IAsyncEnumerable<AdminAnswer> AdminWork(AdminCall call, CancellationToken cancellationToken);

/// <summary>All commands.</summary>
internal static class AdminCommands
{
    /// <summary>The commands, by noun, each in the order of its help.</summary>
    public static IEnumerable<AdminCommand> All => [.. WorkflowStarting.Commands, .. WorkflowReading.Commands, .. WorkflowSteering.Commands, .. DefinitionCommands.All, .. AccessCommands.All];
}
