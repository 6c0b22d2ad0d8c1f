using System.Security.Cryptography;

namespace ActorFlow.Core.Definitions;

/// <summary>The content hash of a definition: the SHA-256 of its canonical form. It tells definitions of the same name and version apart.</summary>
internal static class DefinitionHash
{
    /// <summary>The hash of a valid definition, in lower-case hexadecimal digits.</summary>
    public static string Of(WorkflowDefinition definition) => Of(DefinitionJson.Write(definition));

    /// <summary>The hash of a canonical form, as <see cref="DefinitionJson.Write"/> gives it.</summary>
    public static string Of(ReadOnlySpan<byte> canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical));

    /// <summary>Name, version and hash of a valid definition: a run is pinned to them.</summary>
    public static DefinitionReference ToReference(this WorkflowDefinition definition) =>
        new(definition.Name, definition.Version, Of(definition));
}
