namespace ActorFlow;

/// <summary>What a start or a fork led to. A repeat, and a start that joined a run that was there, gets what the first start led to.</summary>
/// <param name="RunId">The id of this start of the run, which stays unique even if the id is used again.</param>
/// <param name="Definition">The name of the definition that it runs.</param>
/// <param name="Version">The version of that definition.</param>
/// <param name="Created">Whether this call started the run; false means that the run was there already.</param>
public sealed record StartedWorkflow(Guid RunId, string Definition, int Version, bool Created);
