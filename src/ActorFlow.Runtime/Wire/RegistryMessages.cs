using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;
using Google.Protobuf;

namespace ActorFlow.Runtime.Wire;

/// <summary>What the registry of definitions records, is asked and answers, and what the index has runs do, as bytes and back.</summary>
internal static class RegistryMessages
{
    public static byte[]? TryWrite(object message) => ToMessage(message)?.ToByteArray();

    public static object? TryRead(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.DefinitionRegistered when Definitions.Version.Parser.ParseFrom(bytes) is var m =>
            new DefinitionRegistered(m.Version_, m.Hash, m.RegisteredTicks.ToTime()),
        Manifests.RegisterDefinition when Journal.Definition.Parser.ParseFrom(bytes) is var m =>
            new DefinitionCommand.Register(m.Name, m.Version, m.Hash),
        Manifests.ResolveDefinition when Definitions.Resolve.Parser.ParseFrom(bytes) is var m =>
            new DefinitionQuery.Resolve(m.Name, m.HasVersion ? m.Version : null),
        Manifests.GetDefinitionVersions => new DefinitionQuery.GetVersions(NameIn(bytes)),
        Manifests.DefinitionFound => new DefinitionReply.Found(Journal.Definition.Parser.ParseFrom(bytes).ToReference()),
        Manifests.DefinitionNotFound => new DefinitionReply.NotFound(NameIn(bytes)),
        Manifests.DefinitionRefused when Definitions.Refused.Parser.ParseFrom(bytes) is var m => new DefinitionReply.Refused(m.Code, m.Reason),
        Manifests.DefinitionVersions when Definitions.Versions.Parser.ParseFrom(bytes) is var m => new DefinitionReply.Versions(
            m.Name, [.. m.Versions_.Select(version => new DefinitionVersion(version.Version_, version.Hash, version.RegisteredTicks.ToTime()))]),
        Manifests.PurgeRun when Index.PurgeRun.Parser.ParseFrom(bytes) is var m => new PurgeRun(m.WorkflowId, m.RunId.ToGuid()),
        _ => null,
    };

    private static IMessage? ToMessage(object message) => message switch
    {
        DefinitionRegistered m => ToMessage(m.Version, m.Hash, m.At),
        DefinitionCommand.Register m => new Journal.Definition { Name = m.Name, Version = m.Version, Hash = m.Hash },
        DefinitionQuery.Resolve m => ToMessage(m),
        DefinitionQuery.GetVersions m => new Definitions.Name { Name_ = m.Name },
        DefinitionReply.Found m => m.Definition.ToMessage(),
        DefinitionReply.NotFound m => new Definitions.Name { Name_ = m.Name },
        DefinitionReply.Refused m => new Definitions.Refused { Code = m.Code, Reason = m.Reason },
        DefinitionReply.Versions m => ToMessage(m),
        PurgeRun m => new Index.PurgeRun { WorkflowId = m.WorkflowId, RunId = m.RunId.ToBytes() },
        _ => null,
    };

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

    private static string NameIn(byte[] bytes) => Definitions.Name.Parser.ParseFrom(bytes).Name_;
}
