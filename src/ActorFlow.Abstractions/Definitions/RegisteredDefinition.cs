namespace ActorFlow;

/// <summary>A registered version of a definition.</summary>
/// <param name="Name">The definition's name.</param>
/// <param name="Version">The version, 1 or more.</param>
/// <param name="Hash">The content hash.</param>
/// <param name="Registered">When it was registered.</param>
public sealed record RegisteredDefinition(string Name, int Version, string Hash, DateTimeOffset Registered);
