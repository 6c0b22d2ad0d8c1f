using System.Globalization;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>The run as an expression sees it: <c>workflow.id</c> and so on.</summary>
internal static class WorkflowMembers
{
    public static readonly string[] Names = ["id", "name", "version", "startedAt"];

    public static Payload? Find(WorkflowView workflow, string name) => name switch
    {
        "id" => Payload.FromString(workflow.Id),
        "name" => Payload.FromString(workflow.Name),
        "version" => Payload.From(workflow.Version),
        "startedAt" => Payload.FromString(Iso(workflow.StartedAt)),
        _ => null,
    };

    /// <summary>Writes a time as JavaScript's <c>toISOString</c> does.</summary>
    private static string Iso(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
