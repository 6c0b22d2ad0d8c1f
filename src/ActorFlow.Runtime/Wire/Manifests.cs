namespace ActorFlow.Runtime.Wire;

/// <summary>The names of what a store holds, by which it tells rows apart. Those of messages stand with their codecs.</summary>
internal static class Manifests
{
    public const string CommitBatch = "wf.commits.1";
    public const string WorkflowCheckpoint = "wf.checkpoint.1";
}
