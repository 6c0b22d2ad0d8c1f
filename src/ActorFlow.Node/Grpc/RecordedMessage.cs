using Google.Protobuf;

namespace ActorFlow.Node.Grpc;

/// <summary>What the audit takes of messages: never a payload.</summary>
internal static class RecordedMessage
{
    /// <summary>What a command is about: the run that it names, or the one that it started, or the definitions; null means that it is not known.</summary>
    public static string? TargetOf(object request, object? response) => TextOf(request, "id") ?? response switch
    {
        V1.StartWorkflowResponse started => started.Id,
        V1.RegisterDefinitionsResponse registered => string.Join(", ", registered.Definitions.Select(one => $"{one.Name}@{one.Version}")),
        _ => null,
    };

    /// <summary>A text of a message; null means that it has none of that name, or an empty one.</summary>
    public static string? TextOf(object message, string field) =>
        (message as IMessage)?.Descriptor.FindFieldByName(field)?.Accessor.GetValue((IMessage)message) is string { Length: > 0 } text ? text : null;
}
