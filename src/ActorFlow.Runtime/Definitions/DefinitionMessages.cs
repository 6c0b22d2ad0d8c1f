using System.Collections.Immutable;
using Akka.Event;

namespace ActorFlow.Runtime.Definitions;

/// <summary>A message to the registry entity of one definition name; sharding routes it by that name.</summary>
internal interface IDefinitionMessage
{
    /// <summary>The name of the definition.</summary>
    string Name { get; }
}

/// <summary>A command to the registry.</summary>
internal abstract record DefinitionCommand : IDefinitionMessage
{
    private DefinitionCommand() { }

    /// <inheritdoc/>
    public abstract string Name { get; init; }

    /// <summary>Registers a version, whose content the store already has. The same content again changes nothing.</summary>
    /// <param name="Name">The name of the definition.</param>
    /// <param name="Version">The version, 1 or more.</param>
    /// <param name="Hash">The content hash.</param>
    public sealed record Register(string Name, int Version, string Hash) : DefinitionCommand;
}

/// <summary>A question to the registry. It changes nothing.</summary>
internal abstract record DefinitionQuery : IDefinitionMessage
{
    private DefinitionQuery() { }

    /// <inheritdoc/>
    public abstract string Name { get; init; }

    /// <summary>Asks for the content of a version.</summary>
    /// <param name="Name">The name of the definition.</param>
    /// <param name="Version">The version; null means the highest.</param>
    public sealed record Resolve(string Name, int? Version) : DefinitionQuery;

    /// <summary>Asks for every version.</summary>
    /// <param name="Name">The name of the definition.</param>
    public sealed record GetVersions(string Name) : DefinitionQuery;
}

/// <summary>An answer of the registry. It is sent only after the write that it reports. One to a repeated request is no dead letter.</summary>
internal abstract record DefinitionReply : IDeadLetterSuppression
{
    private DefinitionReply() { }

    /// <summary>The version is registered, or was already.</summary>
    /// <param name="Definition">Name, version and hash.</param>
    public sealed record Found(DefinitionReference Definition) : DefinitionReply;

    /// <summary>There is no such definition, or no such version of it.</summary>
    /// <param name="Name">The requested name.</param>
    public sealed record NotFound(string Name) : DefinitionReply;

    /// <summary>The version is not registered, and nothing has changed.</summary>
    /// <param name="Code">A stable code: <c>definition-conflict</c>, <c>unavailable</c>.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Code, string Reason) : DefinitionReply;

    /// <summary>Every version of a name, the newest first; empty if the name is unknown.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="All">The versions.</param>
    public sealed record Versions(string Name, ImmutableArray<DefinitionVersion> All) : DefinitionReply;
}

/// <summary>One version of a definition.</summary>
/// <param name="Version">The version, 1 or more.</param>
/// <param name="Hash">The content hash.</param>
/// <param name="Registered">When it was registered.</param>
internal sealed record DefinitionVersion(int Version, string Hash, DateTimeOffset Registered);

/// <summary>A version of a definition was registered: the event in the journal of a registry entity.</summary>
/// <param name="Version">The version.</param>
/// <param name="Hash">The content hash.</param>
/// <param name="At">When it was registered.</param>
internal sealed record DefinitionRegistered(int Version, string Hash, DateTimeOffset At);
