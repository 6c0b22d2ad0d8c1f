namespace ActorFlow.Runtime.Telemetry;

/// <summary>The names of spans.</summary>
internal static class SpanNames
{
    /// <summary>The start of a run: from the request to its answer.</summary>
    public const string Start = "actorflow.workflow.start";

    /// <summary>A run, from its start to its end.</summary>
    public const string Run = "actorflow.workflow";

    /// <summary>An attempt on a worker.</summary>
    public const string Attempt = "actorflow.task.attempt";
}

/// <summary>The names of the tags of metrics and spans.</summary>
internal static class TagNames
{
    public const string Definition = "actorflow.definition";
    public const string DefinitionVersion = "actorflow.definition.version";
    public const string WorkflowId = "actorflow.workflow.id";
    public const string RunId = "actorflow.run.id";
    public const string Status = "actorflow.status";
    public const string Task = "actorflow.task.path";
    public const string Attempt = "actorflow.attempt";
    public const string Handler = "actorflow.handler";
    public const string Queue = "actorflow.queue";
    public const string Outcome = "actorflow.outcome";
    public const string SlotState = "actorflow.slot.state";
    public const string ErrorType = "error.type";
}
