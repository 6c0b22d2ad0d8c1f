namespace ActorFlow;

/// <summary>The definition that a run is pinned to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">The SHA-256 of its canonical form, in lower-case hexadecimal digits.</param>
public sealed record DefinitionReference(string Name, int Version, string Hash);
