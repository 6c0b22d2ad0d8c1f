using System.Collections.Immutable;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Wire.Messages;

/// <summary>What the registry of definitions records, is asked and answers, and what the index has runs do.</summary>
internal static class RegistryCodecs
{
    public static ImmutableArray<MessageCodec> All { get; } =
    [
        MessageCodec.Of(
            "def.registered.1",
            (DefinitionRegistered m) => ToMessage(m.Version, m.Hash, m.At),
            m => new(m.Version_, m.Hash, m.RegisteredTicks.ToTime())),
        MessageCodec.Of(
            "def.register.1",
            (DefinitionCommand.Register m) => new Journal.Definition { Name = m.Name, Version = m.Version, Hash = m.Hash },
            m => new(m.Name, m.Version, m.Hash)),
        MessageCodec.Of<DefinitionQuery.Resolve, Definitions.Resolve>(
            "def.resolve.1", ToMessage, m => new(m.Name, m.HasVersion ? m.Version : null)),
        MessageCodec.Of(
            "def.get-versions.1",
            (DefinitionQuery.GetVersions m) => new Definitions.Name { Name_ = m.Name },
            m => new(m.Name_)),
        MessageCodec.Of("def.found.1", (DefinitionReply.Found m) => m.Definition.ToMessage(), m => new(m.ToReference())),
        MessageCodec.Of(
            "def.not-found.1",
            (DefinitionReply.NotFound m) => new Definitions.Name { Name_ = m.Name },
            m => new(m.Name_)),
        MessageCodec.Of(
            "def.refused.1",
            (DefinitionReply.Refused m) => new Definitions.Refused { Code = m.Code, Reason = m.Reason },
            m => new(m.Code, m.Reason)),
        MessageCodec.Of<DefinitionReply.Versions, Definitions.Versions>("def.versions.1", ToMessage, FromMessage),
        MessageCodec.Of(
            "wf.purge.1",
            (PurgeRun m) => new Index.PurgeRun { WorkflowId = m.WorkflowId, RunId = m.RunId.ToBytes() },
            m => new(m.WorkflowId, m.RunId.ToGuid())),
    ];

    private static Definitions.Version ToMessage(int version, string hash, DateTimeOffset registered) =>
        new() { Version_ = version, Hash = hash, RegisteredTicks = registered.UtcTicks };

    private static Definitions.Resolve ToMessage(DefinitionQuery.Resolve resolve)
    {
        var message = new Definitions.Resolve { Name = resolve.Name };
        if (resolve.Version is { } version)
        {
            message.Version = version;
        }

        return message;
    }

    private static Definitions.Versions ToMessage(DefinitionReply.Versions versions)
    {
        var message = new Definitions.Versions { Name = versions.Name };
        message.Versions_.Add(versions.All.Select(version => ToMessage(version.Version, version.Hash, version.Registered)));
        return message;
    }

    private static DefinitionReply.Versions FromMessage(Definitions.Versions m) => new(
        m.Name, [.. m.Versions_.Select(version => new DefinitionVersion(version.Version_, version.Hash, version.RegisteredTicks.ToTime()))]);
}
