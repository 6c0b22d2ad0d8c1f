using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Definitions;

/// <summary>A message to the registry entity of one definition name; sharding routes by it.</summary>
public interface IDefinitionMessage
{
    /// <summary>The name of the definition.</summary>
    string Name { get; }
}

/// <summary>What the registry is asked to do.</summary>
public abstract record DefinitionCommand : IDefinitionMessage
{
    private DefinitionCommand() { }

    /// <inheritdoc/>
    public abstract string Name { get; init; }

    /// <summary>Registers a version, whose content the store has already. The same content again changes nothing.</summary>
    /// <param name="Name">The name of the definition.</param>
    /// <param name="Version">The version, 1 or more.</param>
    /// <param name="Hash">The content hash.</param>
    public sealed record Register(string Name, int Version, string Hash) : DefinitionCommand;
}

/// <summary>What the registry may be asked to tell. Asking changes nothing.</summary>
public abstract record DefinitionQuery : IDefinitionMessage
{
    private DefinitionQuery() { }

    /// <inheritdoc/>
    public abstract string Name { get; init; }

    /// <summary>Asks which content a version has; without a version, the newest.</summary>
    /// <param name="Name">The name of the definition.</param>
    /// <param name="Version">The version; none: the highest.</param>
    public sealed record Resolve(string Name, int? Version) : DefinitionQuery;

    /// <summary>Asks for every version.</summary>
    /// <param name="Name">The name of the definition.</param>
    public sealed record GetVersions(string Name) : DefinitionQuery;
}

/// <summary>What the registry answers. An answer leaves only after the write that it tells of.</summary>
public abstract record DefinitionReply
{
    private DefinitionReply() { }

    /// <summary>The version is registered, or was already.</summary>
    /// <param name="Definition">Name, version and hash.</param>
    public sealed record Found(DefinitionReference Definition) : DefinitionReply;

    /// <summary>There is no such definition, or no such version of it.</summary>
    /// <param name="Name">The name that was asked for.</param>
    public sealed record NotFound(string Name) : DefinitionReply;

    /// <summary>The version is not registered, and nothing has changed.</summary>
    /// <param name="Code">A stable code: <c>definition-conflict</c>, <c>unavailable</c>.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Code, string Reason) : DefinitionReply;

    /// <summary>Every version of a name, the newest first; none, where the name is unknown.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="All">The versions.</param>
    public sealed record Versions(string Name, ImmutableArray<DefinitionVersion> All) : DefinitionReply;
}

/// <summary>One version of a definition.</summary>
/// <param name="Version">The version, 1 or more.</param>
/// <param name="Hash">The content hash.</param>
/// <param name="Registered">When it was registered.</param>
public sealed record DefinitionVersion(int Version, string Hash, DateTimeOffset Registered);

/// <summary>A version of a definition was registered: what the journal of a registry entity consists of.</summary>
/// <param name="Version">The version.</param>
/// <param name="Hash">The content hash.</param>
/// <param name="At">When.</param>
public sealed record DefinitionRegistered(int Version, string Hash, DateTimeOffset At);
